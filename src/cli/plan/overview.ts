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
import { earlierTimes } from '../../run/earlier-times.js';
import { listRuns } from '../../run/open-run.js';
import type { TimeEstimate } from '../../run/time-estimate.js';
import { chooseEngines } from '../choose-engines.js';
import { inputKey } from '../prepare-data.js';
import { makespan } from './makespan.js';
import { type ModelSize, modelSizer } from './model-size.js';
import { type DataFacts, planData } from './plan-data.js';
import { type Probe, type ProbeOptions, probe } from './probe.js';

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
  /** What timed steps told, where they were asked for. */
  readonly probe: Pick<Probe, 'shapes' | 'guessed'> | null;
}

/** The time of the trials that are left to run. */
export interface TimeTotal {
  readonly jobs: number;
  readonly trials: number;
  /** Of so many of them there is an estimate. */
  readonly estimated: number;
  /** How many by each basis. */
  readonly bases: { readonly [basis in TimeEstimate['basis']]: number };
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
  /** Time a few steps of each different shape; null to go by earlier runs alone. */
  readonly probe: Pick<ProbeOptions, 'onShape'> | null;
}

/** Looks up what earlier runs, the data cache and the model's sizes tell of a plan; downloads and trains nothing. */
export async function planOverview(plan: Plan, options: OverviewOptions): Promise<PlanOverview> {
  const { rules, sweep, runsFolder, jobs, workingDirectory } = options;
  const dataOf = await planData(plan, workingDirectory);
  const settled =
    options.probe !== null || (await listRuns(runsFolder)).length > 0 ? await settle(plan, options) : null;
  const looked = settled === null ? NOTHING : await lookUpEarlier(plan, { settled, runsFolder, workingDirectory });
  const probed =
    options.probe === null || settled === null
      ? null
      : await probe(unknownTrials(plan, settled, looked), { dataOf, ...options.probe });
  const earlier = probed === null ? looked : withProbe(looked, { settled: settled!, probed });
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
    probe: probed,
  };
}

type Earlier = Pick<PlanOverview, 'done' | 'timeOf'>;

const NOTHING: Earlier = { done: new Map(), timeOf: () => null };

/** The trials by id, with the engines on which they would run; null where none works, unless a probe needs one. */
async function settle(plan: Plan, options: OverviewOptions): Promise<Plan | null> {
  try {
    return (await chooseEngines(plan)).plan;
  } catch (error) {
    if (error instanceof EngineError && options.probe === null) return null;
    throw error;
  }
}

interface LookUp {
  readonly settled: Plan;
  readonly runsFolder: string;
  readonly workingDirectory: string;
}

/** Earlier trials are known by what is settled only when a run begins: the engine, and the bytes of the data. */
async function lookUpEarlier(plan: Plan, { settled, runsFolder, workingDirectory }: LookUp): Promise<Earlier> {
  if ((await listRuns(runsFolder)).length === 0) return NOTHING;
  const inputs = await knownInputs(settled, workingDirectory);
  const frozen = new Map<string, Trial>();
  for (const trial of freezePlan(settled, { inputs }).trials) frozen.set(trial.id, trial);
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

/** The trials that are left, and that no earlier run has measured. */
function unknownTrials({ trials }: Plan, settled: Plan, { done, timeOf }: Earlier): readonly Trial[] {
  const measured = new Set(
    trials.filter((trial) => done.has(trial.id) || timeOf(trial)?.basis === 'measured').map(({ id }) => id),
  );
  return settled.trials.filter(({ id }) => !measured.has(id));
}

/** What was measured counts first, then the probe, then what is scaled from earlier runs. */
function withProbe(earlier: Earlier, { settled, probed }: { readonly settled: Plan; readonly probed: Probe }): Earlier {
  const configs = new Map(settled.trials.map(({ id, config }) => [id, config]));
  return {
    done: earlier.done,
    timeOf: (trial) => {
      const known = earlier.timeOf(trial);
      const config = configs.get(trial.id);
      if (known?.basis === 'measured' || config === undefined) return known;
      return probed.timeOf(config) ?? known;
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
  const estimates = left.flatMap((trial) => timeOf(trial) ?? []);
  const seconds = estimates.map((estimate) => estimate.seconds);
  const bases = { measured: 0, probed: 0, scaled: 0 };
  for (const { basis } of estimates) bases[basis]++;
  const known = seconds.length > 0;
  return {
    jobs,
    trials: left.length,
    estimated: seconds.length,
    bases,
    work_seconds: known ? seconds.reduce((sum, value) => sum + value, 0) : null,
    wall_seconds: known ? makespan(seconds, jobs) : null,
  };
}
