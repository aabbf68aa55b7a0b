import { join } from 'node:path';
import type { Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { trialHash } from '../plan/trial-hash.js';
import { listRuns } from './open-run.js';
import { RunFolder } from './run-folder.js';
import { trialCost } from './trial-cost.js';

/** How long a trial is expected to take, in seconds, and what says so. */
export interface TimeEstimate {
  readonly seconds: number;
  /** `measured`: trials of the same configuration took so long. `scaled`: the nearest trial did, by its computation. */
  readonly basis: 'measured' | 'scaled';
}

/** A finished trial of an earlier run. */
interface Measured {
  readonly config: TrialConfig;
  readonly key: string;
  readonly cost: number;
  /** Start-up and data, which do not grow with the training. */
  readonly fixed: number;
  readonly variable: number;
}

const MOST_RUNS = 20;
const MOST_TRIALS_OF_A_RUN = 200;

/** Estimates from the newest runs in a folder; null for a trial whose engine and task no earlier trial had. */
export async function earlierTimes(runsFolder: string): Promise<(config: TrialConfig) => TimeEstimate | null> {
  const measured: Measured[] = [];
  for (const id of (await listRuns(runsFolder)).slice(-MOST_RUNS)) {
    measured.push(...(await measuredTrials(new RunFolder(join(runsFolder, id)))));
  }
  const known = new Map<TrialConfig, TimeEstimate | null>();
  return (config) => {
    let estimate = known.get(config);
    if (estimate === undefined) {
      estimate = estimateOf(config, measured);
      known.set(config, estimate);
    }
    return estimate;
  };
}

function estimateOf(config: TrialConfig, measured: readonly Measured[]): TimeEstimate | null {
  if (measured.length === 0) return null;
  const key = trialHash(config, 0);
  const same = measured.filter((other) => other.key === key);
  if (same.length > 0) {
    const total = same.reduce((sum, { fixed, variable }) => sum + fixed + variable, 0);
    return { seconds: total / same.length, basis: 'measured' };
  }
  const cost = trialCost(config);
  const distance = (other: Measured): number =>
    Math.abs(Math.log(other.cost / cost)) + (other.config.model.cell === config.model.cell ? 0 : 1);
  const like = measured.filter(
    (other) => other.config.task === config.task && other.config.engine.name === config.engine.name,
  );
  if (like.length === 0) return null;
  const nearest = like.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return { seconds: nearest.fixed + (nearest.variable * cost) / nearest.cost, basis: 'scaled' };
}

async function measuredTrials(folder: RunFolder): Promise<readonly Measured[]> {
  const trials = await folder.readPlan().then(
    (plan) => plan.trials,
    (): readonly Trial[] => [],
  );
  const found: Measured[] = [];
  for (const trial of evenly(trials)) {
    const result = await folder.readResult(trial).catch(() => null);
    if (result?.state !== 'complete' || result.reused_from !== undefined) continue;
    const { total_seconds, train_seconds, evaluate_seconds } = result.timing;
    const variable = train_seconds + evaluate_seconds;
    if (!(total_seconds > 0) || !(variable > 0)) continue;
    const { config } = trial;
    const fixed = Math.max(0, total_seconds - variable);
    found.push({ config, key: trialHash(config, 0), cost: trialCost(config), fixed, variable });
  }
  return found;
}

/** Of a large run a part that is spread over all of its arms. */
function evenly(trials: readonly Trial[]): readonly Trial[] {
  const step = Math.max(1, Math.ceil(trials.length / MOST_TRIALS_OF_A_RUN));
  return trials.filter((_, index) => index % step === 0);
}
