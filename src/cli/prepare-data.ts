import type { DataProgress } from '../data/progress.js';
import type { SourceLocation } from '../errors.js';
import { DataError } from '../errors.js';
import type { Plan, Trial } from '../plan/plan.js';

export interface DataPreparation {
  readonly workingDirectory: string;
  /** Where the value at a path such as `data.split.train` was written. */
  readonly locate: (path: string) => SourceLocation;
  readonly onProgress: (progress: DataProgress) => void;
  readonly onWarning: (message: string) => void;
}

/**
 * Fetches and encodes the data of every trial, each data set once, so that the trials find it in the cache. Throws a
 * DataError that says where in the pipeline its setting was written.
 */
export async function prepareData(plan: Plan, preparation: DataPreparation): Promise<void> {
  const { workingDirectory, locate, onProgress, onWarning } = preparation;
  const { loadDataset } = await import('../data/load-dataset.js');
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
  if (error.location !== undefined) return error;
  const { message, code, hint, cause } = error;
  return new DataError(message, { code, hint, cause, location: locate(path ?? 'data.source') });
}
