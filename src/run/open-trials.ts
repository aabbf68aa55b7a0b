import { inGroups } from '../in-groups.js';
import type { Trial } from '../plan/plan.js';
import { isFinal } from './retries.js';
import type { RunFolder } from './run-folder.js';

export interface OpenTrialsOptions {
  /** Trials that run again whatever their fate, by id. */
  readonly again?: ReadonlySet<string> | undefined;
  /** Whether no others run. */
  readonly onlyAgain?: boolean | undefined;
}

/** The trials of a plan that an execution would run: those without a final result, and those that run again. */
export async function openTrials(
  folder: RunFolder,
  trials: readonly Trial[],
  { again = new Set(), onlyAgain = false }: OpenTrialsOptions,
): Promise<readonly Trial[]> {
  const wanted = onlyAgain ? trials.filter(({ id }) => again.has(id)) : trials;
  const results = await inGroups(wanted, (trial) => folder.readResult(trial));
  return wanted.filter(({ id }, n) => {
    const result = results[n] ?? null;
    return again.has(id) || result === null || !isFinal(result);
  });
}
