import type { Trial } from '../plan/plan.js';
import type { GpuShare } from './gpus.js';
import { backOff } from './retries.js';

/** How a run's trials are scheduled. */
export interface SchedulePolicy {
  /** Further attempts at a trial that the machine ended, not the trial itself. */
  readonly retries: number;
  /** Milliseconds before retry n, from 1. */
  readonly backOff: (retry: number) => number;
  /** Failed trials after which no more are run; null for no limit. */
  readonly maxFailures: number | null;
  /** Seconds between checkpoints; null saves one at the end of every epoch. */
  readonly checkpointSeconds: number | null;
  /** How much a trial computes, in any unit. */
  readonly cost: (trial: Trial) => number;
  /** The bytes that a trial needs at most. */
  readonly memory: (trial: Trial) => number;
  /** Dealt to the trials that use a GPU, one to each; null leaves the choice to their engine. */
  readonly gpus: GpuShare | null;
}

/** The policy where nothing is asked for: no retries, no limits, the plan's order. */
export const defaultPolicy: SchedulePolicy = {
  retries: 0,
  backOff,
  maxFailures: null,
  checkpointSeconds: null,
  cost: () => 0,
  memory: () => 0,
  gpus: null,
};
