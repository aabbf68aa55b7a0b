import type { Plan, Trial } from './plan.js';
import { armTrials, shareTrials } from './share-trials.js';
import type { EngineConfig } from './trial-config.js';
import { type InputDigests, trialHash } from './trial-hash.js';

export interface FreezeOptions {
  /** What an engine was settled to: `auto` has no bits of its own. */
  readonly engine?: (engine: EngineConfig) => EngineConfig;
  /** The digests of the files that a trial reads; not known unless given. */
  readonly inputs?: (trial: Trial) => InputDigests | undefined;
}

/** The plan with everything in place that planning alone cannot know, hashes included; trials that became equal are one. */
export function freezePlan(plan: Plan, { engine = (asked) => asked, inputs = () => undefined }: FreezeOptions): Plan {
  const engines = new Map<Plan['trials'][number]['config'], Plan['trials'][number]['config']>();
  const frozen = new Map<string, Trial>();
  for (const trial of plan.trials) {
    // Trials of one arm share a configuration, and go on sharing it.
    const config = engines.get(trial.config) ?? { ...trial.config, engine: engine(trial.config.engine) };
    engines.set(trial.config, config);
    const digests = inputs(trial);
    const known = digests === undefined || (digests.data ?? digests.vectors) === null ? {} : { inputs: digests };
    frozen.set(trial.id, { ...trial, config, hash: trialHash(config, trial.seed, digests), ...known });
  }
  const arms = [...armTrials(plan)].map(({ arm, trials }) => ({
    arm,
    trials: trials.map(({ id }) => frozen.get(id)!),
  }));
  return { ...plan, ...shareTrials(arms) };
}
