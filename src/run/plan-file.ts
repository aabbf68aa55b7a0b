import { RunError } from '../errors.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';

/** plan.json: each configuration once, which the trials of an arm share. Version 1 had it in every trial, as a Plan has. */
export interface PlanFile extends Omit<Plan, 'schema' | 'trials'> {
  readonly schema: 2;
  readonly configs: readonly TrialConfig[];
  readonly trials: readonly PlannedTrial[];
}

/** A trial of the file: `config` is the place of its configuration in `configs`, from 0. */
export type PlannedTrial = Omit<Trial, 'config'> & { readonly config: number };

/**
 * A plan as the text of its file, a line for each arm, configuration and trial.
 * @throws RunError where it is longer than Node can hold in one text.
 */
export function planText(plan: Plan): string {
  const { arms, trials, schema: _, ...rest } = plan;
  const places = new Map<TrialConfig, number>();
  const byText = new Map<string, number>();
  const planned: PlannedTrial[] = [];
  for (const { id, arm, seed, config, hash } of trials) {
    let place = places.get(config);
    if (place === undefined) {
      const text = JSON.stringify(config);
      place = byText.get(text) ?? byText.size;
      byText.set(text, place);
      places.set(config, place);
    }
    planned.push({ id, arm, seed, config: place, hash });
  }
  const listed = {
    arms: arms.map((arm) => JSON.stringify(arm)),
    configs: [...byText.keys()],
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

/** The plan that a file of any version says; null where a trial has no configuration in it. */
export function planOf(file: Plan | PlanFile): Plan | null {
  if (file.schema === 1) return file;
  const { configs, trials, ...rest } = file;
  const whole = trials.map(({ id, arm, seed, config, hash }) => ({ id, arm, seed, config: configs[config]!, hash }));
  return whole.every(({ config }) => config !== undefined) ? { ...rest, schema: 1, trials: whole } : null;
}
