import type { TrialResult } from '../trial/result.js';

/** Counts the trials that failed, whatever their fate is called. */
export interface FailureLimit {
  /** Whether this result is the one that ends the run. */
  reachedBy(result: TrialResult): boolean;
  /** Why no more trials are run; null while they are. */
  reason(): string | null;
}

/** A limit of so many failed trials; null never ends a run. */
export function failureLimit(most: number | null): FailureLimit {
  let failed = 0;
  let last = '';
  return {
    reachedBy({ trial, state }) {
      if (state === 'complete' || state === 'cancelled') return false;
      failed++;
      last = trial;
      return failed === most;
    },
    reason() {
      if (most === null || failed < most) return null;
      return most === 1 ? `${last} did not complete` : `${failed} trials did not complete, the last of them ${last}`;
    },
  };
}
