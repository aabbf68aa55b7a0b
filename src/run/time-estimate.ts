import type { TrialConfig } from '../plan/trial-config.js';
import { trialCost } from './trial-cost.js';

/** How long a trial is expected to take, in seconds, and what says so. */
export interface TimeEstimate {
  readonly seconds: number;
  /**
   * `measured`: trials of the same configuration took so long. `probed`: its steps were timed just now. `scaled`: the
   * nearest trial or probe did, by its computation.
   */
  readonly basis: 'measured' | 'probed' | 'scaled';
}

/** What a trial took, or would take by its timed steps. */
export interface TimedConfig {
  readonly config: TrialConfig;
  /** Start-up and data in seconds, which do not grow with the training. */
  readonly fixed: number;
  readonly variable: number;
}

/** What the nearest of the timed configurations tells of another, by their computation; null where none is of its kind. */
export function scaledTime(config: TrialConfig, timed: readonly TimedConfig[]): TimeEstimate | null {
  const like = timed.filter(
    (other) => other.config.task === config.task && other.config.engine.name === config.engine.name,
  );
  if (like.length === 0) return null;
  const cost = trialCost(config);
  const distance = (other: TimedConfig): number =>
    Math.abs(Math.log(trialCost(other.config) / cost)) + (other.config.model.cell === config.model.cell ? 0 : 1);
  const nearest = like.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return { seconds: nearest.fixed + (nearest.variable * cost) / trialCost(nearest.config), basis: 'scaled' };
}
