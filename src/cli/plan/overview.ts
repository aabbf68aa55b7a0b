import { inputDigests } from '../../data/input-digests.js';
import { EngineError } from '../../errors.js';
import { idleAxes, type MergedArms, mergedArms } from '../../plan/account.js';
import { type AliasStructure, aliasStructures } from '../../plan/alias-structure.js';
import { freezePlan } from '../../plan/freeze-plan.js';
import type { Plan, Trial } from '../../plan/plan.js';
import type { RuleEffect } from '../../plan/settle-points.js';
import type { SweepNode } from '../../plan/sweep-points.js';
import type { TrialConfig } from '../../plan/trial-config.js';
import type { InputDigests } from '../../plan/trial-hash.js';
import { earlierResults } from '../../run/earlier-results.js';
import { earlierTimes, type TimeEstimate } from '../../run/earlier-times.js';
import { listRuns } from '../../run/open-run.js';
import { chooseEngines } from '../choose-engines.js';
import { inputKey } from '../prepare-data.js';
import { makespan } from './makespan.js';
import { type ModelSize, modelSizer } from './model-size.js';
import { type DataFacts, planData } from './plan-data.js';

/** A plan with all that can be said of it before it runs. */
export interface PlanOverview {
  readonly plan: Plan;
  /** What each condition of the sweep did. */
  readonly rules: readonly RuleEffect[];
  readonly merged: readonly MergedArms[];
  /** Keys that the sweep varies for nothing. */
  readonly idle: readonly string[];
  readonly fractions: readonly AliasStructure[];
  readonly dataOf: (config: TrialConfig) => DataFacts;
  readonly sizeOf: (config: TrialConfig) => ModelSize | null;
  /** `<run>/<trial>` of the earlier trial that has the result, by trial id. */
  readonly done: ReadonlyMap<string, string>;
  readonly timeOf: (trial: Trial) => TimeEstimate | null;
  readonly time: TimeTotal;
}

/** The time of the trials that are left to run. */
export interface TimeTotal {
  readonly jobs: number;
  readonly trials: number;
  /** Of so many of them there is an estimate. */
  readonly estimated: number;
  /** Of these trials one after another, and on `jobs` workers; null without any estimate. */
  readonly work_seconds: number | null;
  readonly wall_seconds: number | null;
}

export interface OverviewOptions {
  readonly rules: readonly RuleEffect[];
  /** The pipeline's `sweep`. */
  readonly sweep: object;
  readonly runsFolder: string;
  readonly jobs: number;
  readonly workingDirectory: string;
}

/** Looks up what earlier runs, the data cache and the model's sizes tell of a plan; downloads and trains nothing. */
export async function planOverview(plan: Plan, options: OverviewOptions): Promise<PlanOverview> {
  const { rules, sweep, runsFolder, jobs, workingDirectory } = options;
  const dataOf = await planData(plan, workingDirectory);
  const earlier = await lookUpEarlier(plan, { runsFolder, workingDirectory });
  const time = totalTime(plan, { ...earlier, jobs });
  return {
    plan,
    rules,
    merged: mergedArms(plan),
    idle: idleAxes(plan),
    fractions: aliasStructures(sweep as SweepNode),
    dataOf,
    sizeOf: modelSizer(dataOf),
    ...earlier,
    time,
  };
}

type Earlier = Pick<PlanOverview, 'done' | 'timeOf'>;

const NOTHING: Earlier = { done: new Map(), timeOf: () => null };

/** Earlier trials are known by what is settled only when a run begins: the engine, and the bytes of the data. */
async function lookUpEarlier(
  plan: Plan,
  { runsFolder, workingDirectory }: { readonly runsFolder: string; readonly workingDirectory: string },
): Promise<Earlier> {
  if ((await listRuns(runsFolder)).length === 0) return NOTHING;
  const settled = await chooseEngines(plan).catch((error: unknown) => {
    if (error instanceof EngineError) return null;
    throw error;
  });
  if (settled === null) return NOTHING;
  const inputs = await knownInputs(settled.plan, workingDirectory);
  const frozen = new Map<string, Trial>();
  for (const trial of freezePlan(settled.plan, { inputs }).trials) frozen.set(trial.id, trial);
  const results = await earlierResults(runsFolder, new Set([...frozen.values()].map(({ hash }) => hash)));
  const estimate = await earlierTimes(runsFolder);
  const done = new Map<string, string>();
  for (const { id } of plan.trials) {
    const hash = frozen.get(id)?.hash;
    const found = hash === undefined ? undefined : results.get(hash);
    if (found !== undefined) done.set(id, found.result.reused_from ?? `${found.folder.id}/${found.trial.id}`);
  }
  return {
    done,
    timeOf: ({ id }) => {
      const trial = frozen.get(id);
      return trial === undefined ? null : estimate(trial.config);
    },
  };
}

/** Digests of the files that are here; a file that is missing has no earlier results. */
async function knownInputs(plan: Plan, workingDirectory: string): Promise<(trial: Trial) => InputDigests | undefined> {
  const known = new Map<string, InputDigests | undefined>();
  for (const config of new Set(plan.trials.map(({ config }) => config))) {
    const key = inputKey(config);
    if (known.has(key)) continue;
    known.set(key, await inputDigests(config, { working_directory: workingDirectory }).catch(() => undefined));
  }
  return ({ config }) => known.get(inputKey(config));
}

function totalTime({ trials }: Plan, { done, timeOf, jobs }: Earlier & { readonly jobs: number }): TimeTotal {
  const left = trials.filter(({ id }) => !done.has(id));
  const seconds = left.flatMap((trial) => timeOf(trial)?.seconds ?? []);
  const known = seconds.length > 0;
  return {
    jobs,
    trials: left.length,
    estimated: seconds.length,
    work_seconds: known ? seconds.reduce((sum, value) => sum + value, 0) : null,
    wall_seconds: known ? makespan(seconds, jobs) : null,
  };
}
