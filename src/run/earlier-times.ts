import { join } from 'node:path';
import type { Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { trialHash } from '../plan/trial-hash.js';
import { listRuns } from './open-run.js';
import { RunFolder } from './run-folder.js';
import { scaledTime, type TimedConfig, type TimeEstimate } from './time-estimate.js';

/** A finished trial of an earlier run. */
interface Measured extends TimedConfig {
  readonly key: string;
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
  return scaledTime(config, measured);
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
    found.push({ config, key: trialHash(config, 0), fixed, variable });
  }
  return found;
}

/** Of a large run a part that is spread over all of its arms. */
function evenly(trials: readonly Trial[]): readonly Trial[] {
  const step = Math.max(1, Math.ceil(trials.length / MOST_TRIALS_OF_A_RUN));
  return trials.filter((_, index) => index % step === 0);
}
