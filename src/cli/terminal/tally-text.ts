import type { Tally } from '../../run/run-events.js';
import type { TrialState } from '../../trial/result.js';

/** What each fate is called. */
export const FATES: { readonly [state in TrialState]: string } = {
  complete: 'complete',
  failed: 'failed',
  diverged: 'diverged',
  timed_out: 'timed out',
  killed: 'killed',
  cancelled: 'cancelled',
  skipped: 'skipped',
};

/** `5 complete, 1 timed out, 2 not run`: the fates that any trial has. */
export function tallyText(tally: Tally): string {
  const parts: string[] = [];
  for (const state of Object.keys(FATES) as TrialState[]) {
    if (tally[state] > 0 || state === 'complete') parts.push(`${tally[state]} ${FATES[state]}`);
  }
  if (tally.pending > 0) parts.push(`${tally.pending} not run`);
  return parts.join(', ');
}
