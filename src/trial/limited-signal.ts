import { longTimer } from '../long-timer.js';

/** A signal with a time limit of its own. */
export interface LimitedSignal {
  readonly signal: AbortSignal;
  /** Stops the clock and lets go of the parent signal. */
  clear(): void;
}

/** A signal that aborts when `parent` does, or after `milliseconds`; null for no limit. */
export function limitedSignal(parent: AbortSignal, milliseconds: number | null): LimitedSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent.reason);
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort);
  const timer = milliseconds === null ? null : longTimer(milliseconds, () => controller.abort());
  return {
    signal: controller.signal,
    clear() {
      parent.removeEventListener('abort', abort);
      timer?.clear();
    },
  };
}
