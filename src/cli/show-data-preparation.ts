import type { Plan, Trial } from '../plan/plan.js';
import type { InputDigests } from '../plan/trial-hash.js';
import type { CommandContext } from './command.js';
import { type DataPreparation, prepareData } from './prepare-data.js';
import { dataView } from './terminal/data-view.js';

export interface ShownPreparation {
  /** Where one of some settings of an arm was written; null where there is no file to point into. */
  readonly locate: DataPreparation['locate'];
  readonly workingDirectory: string;
  readonly json: boolean;
}

/** Prepares a plan's data while the user watches. */
export async function showDataPreparation(
  plan: Plan,
  { locate, workingDirectory, json }: ShownPreparation,
  context: CommandContext,
): Promise<(trial: Trial) => InputDigests | undefined> {
  const view = dataView(context, { json });
  const told = new Set<string>();
  // A damaged file of the cache is met before its lock is held, and again when it is.
  const onWarning = (message: string): void => {
    if (!told.has(message)) view.warning(message);
    told.add(message);
  };
  try {
    return await prepareData(plan, { workingDirectory, locate, onProgress: view.progress, onWarning });
  } finally {
    view.close();
  }
}
