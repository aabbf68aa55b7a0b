/** How long trials take on several workers, in seconds, when the longest start first. */
export function makespan(seconds: readonly number[], jobs: number): number {
  const busy = new Array<number>(Math.max(1, Math.min(jobs, seconds.length))).fill(0);
  for (const duration of [...seconds].sort((a, b) => b - a)) {
    let first = 0;
    for (let n = 1; n < busy.length; n++) if (busy[n]! < busy[first]!) first = n;
    busy[first]! += duration;
  }
  return Math.max(0, ...busy);
}
