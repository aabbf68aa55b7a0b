import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataError, RunError } from '../errors.js';
import type { Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { type OpenTrialsOptions, openTrials } from '../run/open-trials.js';
import type { RunFolder } from '../run/run-folder.js';
import type { CommandContext } from './command.js';
import { nearPath } from './near-path.js';
import { dataView } from './terminal/data-view.js';

export interface InputCheck extends OpenTrialsOptions {
  readonly json: boolean;
}

/**
 * Makes sure, before anything of a run changes, that the files which its open trials read are there and are those that
 * they were planned on. Gives the folder at which relative paths start: where the run began or, if that is gone, the
 * folder around the run that holds the same files.
 * @throws DataError or RunError
 */
export async function checkInputs(
  folder: RunFolder,
  { json, ...which }: InputCheck,
  context: CommandContext,
): Promise<string> {
  const { working_directory: before } = await folder.readInfo();
  const open = await openTrials(folder, (await folder.readPlan()).trials, which);
  const trials = oneOfEach(open);
  try {
    await compare(trials, before);
    return before;
  } catch (error) {
    if (!isMissing(error) || (await isFolder(before))) throw error;
    const now = await movedTo(folder, trials);
    if (now === null) throw gone(folder, before, error);
    const view = dataView(context, { json });
    view.warning(
      `the working directory of the run, ${before}, is gone: ${now}, which holds the same data, takes its place`,
    );
    view.close();
    return now;
  }
}

/** Throws the DataError of the first file that is not there, or not what it was. */
async function compare(trials: readonly Trial[], workingDirectory: string): Promise<void> {
  const { inputDigests } = await import('../data/input-digests.js');
  for (const { config, inputs } of trials) {
    await inputDigests(config, { working_directory: workingDirectory, planned: inputs });
  }
}

/** One trial of each configuration. */
function oneOfEach(trials: readonly Trial[]): readonly Trial[] {
  const first = new Map<TrialConfig, Trial>();
  for (const trial of trials) if (!first.has(trial.config)) first.set(trial.config, trial);
  return [...first.values()];
}

/** The nearest folder around a run that holds all files of its trials, known by their digests; null where there is none. */
async function movedTo(folder: RunFolder, trials: readonly Trial[]): Promise<string | null> {
  // A file of the same name alone may be any file.
  if (!trials.every(isKnown)) return null;
  for (let inner = folder.path, place = dirname(inner); place !== inner; inner = place, place = dirname(place)) {
    try {
      await compare(trials, place);
      return place;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return null;
}

/** Whether the digests of all files that a trial reads are known. */
function isKnown({ config, inputs }: Trial): boolean {
  const { embedding } = config.model;
  const pretrained = embedding === 'one_hot' ? null : embedding.pretrained;
  const needed = [
    'file' in config.data.source ? [inputs?.data] : [],
    pretrained !== null && 'file' in pretrained.source ? [inputs?.vectors] : [],
  ];
  return needed.flat().every((digest) => digest != null);
}

function gone(folder: RunFolder, workingDirectory: string, cause: DataError): RunError {
  return new RunError(`the working directory of the run, ${workingDirectory}, is gone: ${cause.message}`, {
    code: 'RUN_DIRECTORY_GONE',
    hint: `put it back, or a link to where it is now, then go on with: sweep resume ${nearPath(folder.path)}`,
    cause,
  });
}

function isMissing(error: unknown): error is DataError {
  return error instanceof DataError && error.code === 'DATA_NOT_FOUND';
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
