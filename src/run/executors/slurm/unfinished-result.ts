import type { Trial } from '../../../plan/plan.js';
import type { EpochRecord, TrialResult, TrialState } from '../../../trial/result.js';
import { resultFromExit } from '../../result-from-exit.js';

type TrialError = NonNullable<TrialResult['error']>;

/** The result of a trial that the cluster ended: its epochs so far, and why. `killed` unless said otherwise. */
export function unfinishedResult(
  trial: Trial,
  error: TrialError,
  epochs: readonly EpochRecord[],
  { state = 'killed', peak = 0 }: { readonly state?: TrialState; readonly peak?: number } = {},
): TrialResult {
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.train_seconds + epoch.evaluate_seconds, 0);
  const exit = { code: 0, signal: null, spawnError: null, cause: null, log: '' };
  const result = resultFromExit(trial, exit, { seconds, epochs });
  return { ...result, state, error, peak_memory_bytes: peak };
}
