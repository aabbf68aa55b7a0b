import type { ArmConfigs } from '../../expect/match-arm.js';
import type { Arm, SettingValue, Trial } from '../../plan/plan.js';
import type { Task } from '../../plan/trial-config.js';
import { type Fields, fieldsOf, isObject, type Note } from './fields.js';

/** A trial of a plan, with as much of its configuration as a report uses. */
export type PlannedTrial = Pick<Trial, 'id' | 'arm' | 'seed' | 'hash'> & {
  readonly epochs: number | null;
  readonly task: Task | null;
  /** A path, an address or a package. */
  readonly source: string | null;
};

export interface PlannedRun {
  readonly arms: readonly Arm[];
  /** As plan.json has them. */
  readonly configs: ArmConfigs;
  readonly trials: readonly PlannedTrial[];
}

/** The arms and trials of plan.json; entries that cannot be used are noted and left out. */
export function readPlan(plan: Fields, note: Note): PlannedRun {
  const arms = new Map<string, Arm>();
  for (const [index, entry] of plan.list('arms').entries()) {
    const fields = fieldsOf(entry, `arms[${index}]`, note);
    if (fields === null) continue;
    const id = fields.text('id');
    const settings = fields.object('settings');
    if (id === '' || arms.has(id)) continue;
    const shared = fields.value('trial_ids');
    arms.set(id, {
      id,
      label: fields.text('label') || id,
      settings: settingsOf(settings),
      ...(Array.isArray(shared) ? { trial_ids: shared.map(String) } : {}),
    });
  }
  const trials = new Map<string, PlannedTrial>();
  const configs = new Map<string, unknown>();
  const configOf = readConfigs(plan);
  for (const [index, entry] of plan.list('trials').entries()) {
    const fields = fieldsOf(entry, `trials[${index}]`, note);
    if (fields === null) continue;
    const trial = { ...readPlannedTrial(fields), ...readConfig(configOf(fields)) };
    if (trial.id === '' || trials.has(trial.id)) continue;
    if (!arms.has(trial.arm)) {
      note(`trials[${index}] belongs to an arm that is not listed: ${JSON.stringify(trial.arm)}`);
      arms.set(trial.arm, { id: trial.arm, label: trial.arm, settings: {} });
    }
    trials.set(trial.id, trial);
    if (!configs.has(trial.arm)) configs.set(trial.arm, configOf(fields));
  }
  // Arms that ask for the same share their trials, which stand under the first of them.
  for (const { id, trial_ids = [] } of arms.values()) {
    const first = trials.get(trial_ids[0] ?? '')?.arm;
    if (first !== undefined && !configs.has(id)) configs.set(id, configs.get(first));
  }
  return { arms: [...arms.values()], configs, trials: [...trials.values()] };
}

/** How a trial's configuration is found: version 1 has it in the trial, later ones in a list beside the trials. */
function readConfigs(plan: Fields): (trial: Fields) => unknown {
  if (plan.value('schema') !== 2) return (trial) => trial.value('config');
  const configs = plan.list('configs');
  return (trial) => configs[trial.number('config')];
}

export function readPlannedTrial(fields: Fields): PlannedTrial {
  return {
    id: fields.text('id'),
    arm: fields.text('arm'),
    seed: fields.number('seed'),
    hash: fields.text('hash'),
    ...readConfig(fields.value('config')),
  };
}

/** As much of a trial's configuration as a report uses. */
function readConfig(config: unknown): Pick<PlannedTrial, 'epochs' | 'task' | 'source'> {
  const epochs = valueAt(config, 'train', 'epochs');
  const task = valueAt(config, 'task');
  const source = valueAt(config, 'data', 'source');
  const place = ['file', 'url', 'npm'].map((key) => valueAt(source, key)).find((value) => typeof value === 'string');
  return {
    epochs: typeof epochs === 'number' ? epochs : null,
    task: task === 'classification' || task === 'language-model' ? task : null,
    source: typeof place === 'string' ? place : null,
  };
}

function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function settingsOf(fields: Fields | null): Arm['settings'] {
  if (fields === null) return {};
  // What JSON holds is a setting's value by construction.
  return Object.fromEntries(fields.keys().map((path) => [path, fields.value(path) as SettingValue]));
}
