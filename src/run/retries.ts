import type { TrialResult } from '../trial/result.js';

/** Codes of fates that say nothing about the trial: its worker did not come to be, or was lost on the way. */
const INFRASTRUCTURE: readonly string[] = ['WORKER_START', 'WORKER_LOST', 'TRIAL_IO'];
/** Codes of fates that are the data's: it is not there, or not what it was when the trial was planned. */
const INPUTS: readonly string[] = ['DATA_NOT_FOUND', 'DATA_CHANGED'];
const LONGEST_MS = 60_000;

/**
 * Whether the machine ended a trial and not the trial itself, so that another attempt may end otherwise: killed, lost,
 * or cancelled though nobody here `asked` for it.
 */
export function isInfrastructure({ state, error }: TrialResult, asked: boolean): boolean {
  if (asked) return false;
  return state === 'killed' || state === 'cancelled' || INFRASTRUCTURE.includes(error?.code ?? '');
}

/** Whether a fate stands: a trial with it is not run again unless someone asks. */
export function isFinal(result: TrialResult): boolean {
  const stands = ['complete', 'failed', 'diverged', 'timed_out'].includes(result.state);
  // What was put back is read by the next attempt.
  return stands && !isInfrastructure(result, false) && !INPUTS.includes(result.error?.code ?? '');
}

/** Milliseconds before retry n (from 1): 1 s, 2 s, 4 s, … at most a minute. */
export function backOff(retry: number): number {
  return Math.min(LONGEST_MS, 1000 * 2 ** (retry - 1));
}
