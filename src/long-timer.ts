/** `setTimeout` takes no longer delay: with one it fires at once. 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

export interface LongTimer {
  clear(): void;
}

/** Calls `expire` after so many milliseconds, however many: what a user says a time limit is may be months. */
export function longTimer(milliseconds: number, expire: () => void): LongTimer {
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const next = Math.min(Math.max(0, left), LONGEST_MS);
    left -= next;
    timer = setTimeout(() => (left > 0 ? arm() : expire()), next);
  };
  arm();
  return { clear: () => clearTimeout(timer) };
}
