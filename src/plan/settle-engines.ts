import type { Plan } from './plan.js';
import type { EngineConfig } from './trial-config.js';
import { trialHash } from './trial-hash.js';

/** The plan with every engine replaced by what it was settled to, hashes included: `auto` has no bits of its own. */
export function settleEngines(plan: Plan, settled: (engine: EngineConfig) => EngineConfig): Plan {
  const trials = plan.trials.map((trial) => {
    const config = { ...trial.config, engine: settled(trial.config.engine) };
    return { ...trial, config, hash: trialHash(config, trial.seed) };
  });
  return { ...plan, trials };
}
