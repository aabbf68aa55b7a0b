import { RunError } from '../errors.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { InputDigests } from '../plan/trial-hash.js';

/** plan.json: each configuration once, which the trials of an arm share. Version 1 had it in every trial, as a Plan has. */
export interface PlanFile extends Omit<Plan, 'schema' | 'trials'> {
  readonly schema: 2;
  readonly configs: readonly TrialConfig[];
  /** For each configuration the digests of the files that it reads; absent where none reads any, and in older files. */
  readonly inputs?: readonly (InputDigests | null)[];
  readonly trials: readonly PlannedTrial[];
}

/** A trial of the file: `config` is the place of its configuration in `configs`, from 0. */
export type PlannedTrial = Omit<Trial, 'config' | 'inputs'> & { readonly config: number };

/**
 * A plan as the text of its file, a line for each arm, configuration and trial.
 * @throws RunError where it is longer than Node can hold in one text.
 */
export function planText(plan: Plan): string {
  const { arms, trials, schema: _, ...rest } = plan;
  const places = new Map<TrialConfig, number>();
  const byText = new Map<string, number>();
  const planned: PlannedTrial[] = [];
  const digests: (InputDigests | null)[] = [];
  for (const { id, arm, seed, config, hash, inputs = null } of trials) {
    let place = places.get(config);
    if (place === undefined) {
      const text = JSON.stringify(config);
      place = byText.get(text) ?? byText.size;
      byText.set(text, place);
      places.set(config, place);
      digests[place] ??= inputs;
    }
    planned.push({ id, arm, seed, config: place, hash });
  }
  const listed = {
    arms: arms.map((arm) => JSON.stringify(arm)),
    configs: [...byText.keys()],
    ...(digests.every((inputs) => inputs === null) ? {} : { inputs: digests.map((inputs) => JSON.stringify(inputs)) }),
    trials: planned.map((trial) => JSON.stringify(trial)),
  };
  const head = Object.entries({ schema: 2, ...rest })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
  try {
    const lists = Object.entries(listed).map(
      ([key, lines]) => `"${key}": [${lines.map((line) => `\n    ${line}`).join(',')}\n  ]`,
    );
    return `{\n  ${[...head, ...lists].join(',\n  ')}\n}\n`;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RunError(`the plan of ${trials.length} trials is longer than the 512 MB that Node can hold in one text`, {
      code: 'RUN_PLAN_TOO_LARGE',
      hint: 'make several pipelines of it; seeds cost little of it, arms much',
      cause,
    });
  }
}

/** The plan that a file of any version says; null where a list is missing, or a trial has no configuration in it. */
export function planOf(file: Plan | PlanFile): Plan | null {
  // Whatever is JSON may be there, whatever its version says.
  if (!areObjects(file.arms) || !areObjects(file.trials)) return null;
  if (file.schema === 1) return areObjects(file.trials.map(({ config }) => config)) ? file : null;
  const { configs, inputs, trials, ...rest } = file;
  if (!areObjects(configs)) return null;
  const whole = trials.map(({ id, arm, seed, config, hash }) => {
    const digests = inputs?.[config] ?? null;
    return { id, arm, seed, config: configs[config]!, hash, ...(digests === null ? {} : { inputs: digests }) };
  });
  return whole.every(({ config }) => config !== undefined) ? { ...rest, schema: 1, trials: whole } : null;
}

function areObjects(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null);
}
