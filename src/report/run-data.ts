import type { ArmConfigs } from '../expect/match-arm.js';
import type { Plan } from '../plan/plan.js';
import type { Task } from '../plan/trial-config.js';
import type { RunInfo } from '../run/journal-events.js';
import type { TrialResult, TrialState } from '../trial/result.js';
import type { ReportSettings } from './load/report-settings.js';

/** A trial's fate as a reader sees it: `pending` never started, `interrupted` started and left no result. */
export type ReportedState = TrialState | 'pending' | 'interrupted';

/** Something in a run folder that could not be read, or not believed. */
export interface RunProblem {
  /** Relative to the run folder. */
  readonly file: string;
  readonly message: string;
}

export interface TrialData {
  readonly id: string;
  readonly arm: string;
  readonly seed: number;
  readonly state: ReportedState;
  /** Null when there is none, or none that can be read. */
  readonly result: TrialResult | null;
  /** Why it ended as it did, where the journal alone knows. */
  readonly error: string | null;
  /** The last epoch that was reached, 0 before the first ended. */
  readonly last_epoch: number;
  /** What it should have reached, or null when its configuration is lost. */
  readonly epochs_planned: number | null;
}

/** When a run ran, as its journal tells. */
export interface RunClock {
  /** Seconds of all executions together, or null when the journal says nothing. */
  readonly seconds: number | null;
  /** How the last execution ended; null while it runs, or when it was killed. */
  readonly ended: 'complete' | 'failed' | 'interrupted' | null;
  readonly executions: number;
}

/** All that a run folder says, as far as it can be read. Numbers that are missing or no numbers are NaN. */
export interface RunData {
  readonly id: string;
  readonly info: RunInfo | null;
  readonly task: Task | null;
  /** Where the data came from, as the configurations name it, each source once. */
  readonly sources: readonly string[];
  readonly arms: Plan['arms'];
  /** Empty where the plan is lost. */
  readonly configs: ArmConfigs;
  /** In the plan's order. */
  readonly trials: readonly TrialData[];
  readonly clock: RunClock;
  /** The pipeline's `sweep`, as it is written; null where the plan does not say. */
  readonly sweep: unknown;
  readonly settings: ReportSettings;
  /** The lines of `expect`. */
  readonly claims: readonly string[];
  readonly problems: readonly RunProblem[];
}
