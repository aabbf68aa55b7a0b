import { defaultCacheDirectory } from '../data/cache-folder.js';
import { FOLDER_VARIABLE } from '../engine/tensorflow/find-engine.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { EngineChoice } from '../run/choose-engine.js';
import { earlierTimes } from '../run/earlier-times.js';
import { slurmCluster } from '../run/executors/slurm/cluster.js';
import { probeCluster } from '../run/executors/slurm/probe-cluster.js';
import type { SlurmSettings } from '../run/executors/slurm/settings.js';
import { stepCost, trialCost } from '../run/trial-cost.js';
import { distinctEngines } from './choose-engines.js';
import type { CommandContext } from './command.js';

/** Seconds of a trial that are not training: starting its process and reading its data. */
const START_SECONDS = 3;

export interface ClusterPreparation {
  readonly settings: SlurmSettings;
  readonly runsFolder: string;
  readonly workingDirectory: string;
  readonly json: boolean;
}

/** What a compute node answered. */
export interface PreparedCluster {
  /** In the order of `distinctEngines`. */
  readonly engines: readonly EngineChoice[];
  readonly cost_per_second: number | null;
  readonly cache: string;
}

/**
 * Settles on a compute node which engines the plan's trials use, and times the heaviest of them where no earlier trial
 * says how long they take. Throws what is wrong there; null where the user ended the waiting.
 */
export async function prepareCluster(
  plan: Plan,
  { settings, runsFolder, workingDirectory, json }: ClusterPreparation,
  { stdout, stderr }: CommandContext,
): Promise<PreparedCluster | null> {
  const cache = await defaultCacheDirectory();
  const estimate = await earlierTimes(runsFolder);
  const unknown = settings.min_task_minutes > 0 ? plan.trials.filter(({ config }) => estimate(config) === null) : [];
  const heaviest = unknown.reduce<Trial | null>(
    (a, b) => (a === null || trialCost(b.config) > trialCost(a.config) ? b : a),
    null,
  );
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const say = (message: string): void => {
    if (json) stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event: 'cluster', message })}\n`);
    else stderr.write(`cluster: ${message}\n`);
  };
  // Not `once`: with no listener left, execa takes the signal for one that is to end this process.
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  try {
    const probed = await probeCluster({
      cluster: slurmCluster(),
      settings,
      runsFolder,
      cache,
      workingDirectory,
      engines: distinctEngines(plan),
      time: heaviest?.config ?? null,
      signal: ending.signal,
      onState: (state) => say(`probe job ${'job' in state ? state.job : waitText(state)}`),
    });
    if (probed === null) return null;
    const { engines, host, steps_per_second } = probed;
    // The jobs are to load the package that the node tried.
    for (const { folder } of engines) if (folder !== undefined) process.env[FOLDER_VARIABLE] = folder;
    say(
      `${host} answers: ${engines.map(({ engine: { name, variant } }) => [name, variant ?? ''].join(' ').trim()).join(', ')}`,
    );
    const cost_per_second =
      heaviest === null || steps_per_second === null ? null : stepCost(heaviest.config) * steps_per_second;
    return { engines, cost_per_second, cache };
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

function waitText({ state, reason }: { readonly state: string; readonly reason: string }): string {
  return `${state.toLowerCase()}${reason === '' ? '' : `: ${reason}`}`;
}

/** How long a trial is expected to take: as earlier ones of its kind, else by its computation; null where nothing tells. */
export async function expectedSeconds(
  runsFolder: string,
  cost_per_second: number | null,
): Promise<(trial: Trial) => number | null> {
  const estimate = await earlierTimes(runsFolder);
  return ({ config }) => {
    const known = estimate(config);
    if (known !== null) return known.seconds;
    return cost_per_second === null ? null : START_SECONDS + trialCost(config) / cost_per_second;
  };
}
