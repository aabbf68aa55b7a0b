import type { Dataset } from '../data/dataset.js';
import type { DataProgress } from '../data/progress.js';
import type { SourceLocation } from '../errors.js';
import { DataError } from '../errors.js';
import { labelMisfits } from '../plan/checks/labels.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { InputDigests } from '../plan/trial-hash.js';

export interface DataPreparation {
  readonly workingDirectory: string;
  /** Where an arm's value at one of these paths was written; null where there is no file to point into. */
  readonly locate: ((paths: readonly [string, ...string[]], arm: string) => SourceLocation) | null;
  readonly onProgress: (progress: DataProgress) => void;
  readonly onWarning: (message: string) => void;
}

/**
 * Fetches and encodes the data of every trial, each data set once, so that the trials find it in the cache, and checks
 * what only the data tells: how many labels there are. Throws a DataError that says in which arm, and where in the
 * pipeline its setting was written. Gives the digests of the files that a trial reads.
 */
export async function prepareData(
  plan: Plan,
  preparation: DataPreparation,
): Promise<(trial: Trial) => InputDigests | undefined> {
  const { workingDirectory, locate, onProgress, onWarning } = preparation;
  const { loadDataset } = await import('../data/load-dataset.js');
  const { inputDigests } = await import('../data/input-digests.js');
  const context = { working_directory: workingDirectory, onProgress, onWarning };
  /** The error with its arm, unless all arms have in common what `keyOf` tells of it. */
  const told = (error: unknown, { arm, config }: Trial, keyOf: (config: TrialConfig) => string): unknown => {
    if (!(error instanceof DataError)) return error;
    const key = keyOf(config);
    const common = plan.trials.every((trial) => trial.config === config || keyOf(trial.config) === key);
    return inArm(error, { arm, named: !common, locate });
  };
  for (const trials of distinctData(plan.trials)) {
    const [first] = trials;
    const { task, data } = first.config;
    const dataset = await loadDataset(data, { ...context, task, seed: first.seed }).catch((error: unknown) => {
      throw told(error, first, dataKey);
    });
    for (const trial of trials) {
      const misfit = labelError(trial.config, dataset);
      if (misfit !== null) throw told(misfit, trial, labelKey);
    }
  }
  const digests = new Map<string, InputDigests>();
  for (const trial of distinctConfigs(plan.trials)) {
    const { config } = trial;
    const key = inputKey(config);
    if (digests.has(key)) continue;
    try {
      digests.set(key, await inputDigests(config, context));
    } catch (error) {
      throw told(error, trial, inputKey);
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

/** What the splits of a configuration are made of, the trial's seed aside. */
function dataKey({ task, data }: TrialConfig): string {
  return JSON.stringify([task, data]);
}

/** What has to fit the labels of a configuration. */
function labelKey({ task, data, loss, model }: TrialConfig): string {
  return JSON.stringify([task, data, loss, model.head]);
}

type Some<Item> = [Item, ...Item[]];

/** The trials of each different data set, one of each configuration; the seed tells them apart only where it draws the split. */
function distinctData(trials: readonly Trial[]): readonly Some<Trial>[] {
  const distinct = new Map<string, Some<Trial>>();
  for (const trial of trials) {
    const { data, task } = trial.config;
    const key = JSON.stringify([task, data, data.split?.seed === 'trial' ? trial.seed : null]);
    const known = distinct.get(key);
    if (known === undefined) distinct.set(key, [trial]);
    // The trials of a configuration follow one another.
    else if (known.at(-1)!.config !== trial.config) known.push(trial);
  }
  return [...distinct.values()];
}

/** The first trial of each configuration. */
function distinctConfigs(trials: readonly Trial[]): readonly Trial[] {
  const distinct = new Map<TrialConfig, Trial>();
  for (const trial of trials) if (!distinct.has(trial.config)) distinct.set(trial.config, trial);
  return [...distinct.values()];
}

/** A loss or head that does not fit the labels, as planning refuses it where the pipeline itself tells the labels. */
function labelError(config: TrialConfig, dataset: Dataset): DataError | null {
  if (dataset.task !== 'classification') return null;
  const [misfit] = labelMisfits(config, dataset.classes.length);
  return misfit === undefined
    ? null
    : new DataError(misfit.message, { code: misfit.code, hint: misfit.hint ?? undefined });
}

interface ArmOfError {
  readonly arm: string;
  /** Whether the message says which. */
  readonly named: boolean;
  readonly locate: DataPreparation['locate'];
}

/** Data errors name the setting that they are about in backquotes in the message, or else those to check in the hint. */
function inArm({ message, code, hint, cause, location }: DataError, { arm, named, locate }: ArmOfError): DataError {
  const said = settingsIn(message);
  const [path = 'data.source', ...others] = said.length > 0 ? said : settingsIn(hint ?? '');
  return new DataError(named ? message.replace(/\.?$/, (end) => ` (in the arm \`${arm}\`)${end}`) : message, {
    code,
    hint,
    cause,
    location: location ?? locate?.([path, ...others], arm),
  });
}

function settingsIn(text: string): readonly string[] {
  return [...text.matchAll(/`((?:data|loss|model)\.\w+(?:\.\w+)*)/g)].map(([, path]) => path!);
}
