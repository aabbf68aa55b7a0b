import type { DataProgress } from '../data/progress.js';
import type { SourceLocation } from '../errors.js';
import { DataError } from '../errors.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { InputDigests } from '../plan/trial-hash.js';

export interface DataPreparation {
  readonly workingDirectory: string;
  /** Where the value at a path such as `data.split.train` was written; null where there is no file to point into. */
  readonly locate: ((path: string) => SourceLocation) | null;
  readonly onProgress: (progress: DataProgress) => void;
  readonly onWarning: (message: string) => void;
}

/**
 * Fetches and encodes the data of every trial, each data set once, so that the trials find it in the cache. Throws a
 * DataError that says where in the pipeline its setting was written. Gives the digests of the files that a trial reads.
 */
export async function prepareData(
  plan: Plan,
  preparation: DataPreparation,
): Promise<(trial: Trial) => InputDigests | undefined> {
  const { workingDirectory, locate, onProgress, onWarning } = preparation;
  const { loadDataset } = await import('../data/load-dataset.js');
  const { inputDigests } = await import('../data/input-digests.js');
  for (const { config, seed } of distinctData(plan.trials)) {
    try {
      await loadDataset(config.data, {
        task: config.task,
        seed,
        working_directory: workingDirectory,
        onProgress,
        onWarning,
      });
    } catch (error) {
      throw error instanceof DataError ? located(error, locate) : error;
    }
  }
  const digests = new Map<string, InputDigests>();
  for (const config of new Set(plan.trials.map(({ config }) => config))) {
    const key = inputKey(config);
    if (digests.has(key)) continue;
    try {
      digests.set(key, await inputDigests(config, { working_directory: workingDirectory, onProgress, onWarning }));
    } catch (error) {
      throw error instanceof DataError ? located(error, locate) : error;
    }
  }
  return ({ config }) => digests.get(inputKey(config));
}

/** The bytes that a configuration reads: equal for those that read the same. */
export function inputKey({ data, model }: TrialConfig): string {
  const { source, train, validation, test, format, match } = data;
  const pretrained = model.embedding === 'one_hot' ? null : model.embedding.pretrained;
  return JSON.stringify([source, train, validation, test, format, match, pretrained]);
}

/** One trial for each different data set; the seed tells them apart only where it draws the split. */
function distinctData(trials: readonly Trial[]): readonly Trial[] {
  const distinct = new Map<string, Trial>();
  for (const trial of trials) {
    const { data, task } = trial.config;
    const key = JSON.stringify([task, data, data.split?.seed === 'trial' ? trial.seed : null]);
    if (!distinct.has(key)) distinct.set(key, trial);
  }
  return [...distinct.values()];
}

/** Data errors name the setting that they are about in backquotes, in the message or in the hint. */
function located(error: DataError, locate: DataPreparation['locate']): DataError {
  const path = /`((?:data|model)\.[\w.]+)/.exec(`${error.message} ${error.hint ?? ''}`)?.[1];
  if (error.location !== undefined || locate === null) return error;
  const { message, code, hint, cause } = error;
  return new DataError(message, { code, hint, cause, location: locate(path ?? 'data.source') });
}
