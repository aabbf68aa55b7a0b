import type { TrialEvent } from '../trial/events.js';
import type { EpochRecord, TrialResult, TrialState } from '../trial/result.js';
import type { BestTrial } from './best-trial.js';
import type { ExecutorName } from './executors/executor.js';

/** How many trials of the plan have which fate; `pending` ones have none yet. */
export type Tally = { readonly [state in TrialState | 'pending']: number };

/** `detached`: its trials go on without a process here. */
export type RunState = 'complete' | 'failed' | 'interrupted' | 'detached';

/** What a run tells those who watch it: the views, and `--json`, one a line. */
export type RunEvent =
  | {
      readonly event: 'run-started';
      readonly run: string;
      readonly folder: string;
      readonly jobs: number;
      readonly executor: ExecutorName;
      /** Trials of the plan, and how many of them this execution runs. */
      readonly trials: number;
      readonly to_run: number;
      /** Of the whole plan, before this execution. */
      readonly tally: Tally;
      /** Of the trials that are complete already; absent while none is. */
      readonly best?: BestTrial;
      /** When it began, ISO 8601 in UTC: for those who come to watch later. */
      readonly since?: string;
    }
  /** A result that was taken from an earlier run: `from` is `<run>/<trial>`. */
  | { readonly event: 'reused'; readonly trial: string; readonly from: string }
  | {
      readonly event: 'started';
      readonly trial: string;
      readonly pid: number;
      readonly attempt: number;
      /** The GPU that was dealt to it. */
      readonly gpu?: string;
      /** When it began, ISO 8601 in UTC: for those who come to watch later. */
      readonly since?: string;
    }
  | ({ readonly event: 'phase'; readonly trial: string } & Payload<'phase'>)
  | ({ readonly event: 'progress'; readonly trial: string } & Payload<'progress'>)
  | ({ readonly event: 'warning'; readonly trial: string } & Payload<'warning'>)
  | { readonly event: 'epoch'; readonly trial: string; readonly epochs: number; readonly record: EpochRecord }
  | {
      readonly event: 'finished';
      readonly trial: string;
      readonly state: TrialState;
      readonly seconds: number;
      readonly metrics: TrialResult['metrics'];
      readonly log: string;
      readonly error?: { readonly code: string; readonly message: string };
    }
  | {
      readonly event: 'retrying';
      readonly trial: string;
      /** The attempt to come, counted over all executions. */
      readonly attempt: number;
      readonly in_seconds: number;
      readonly reason: string;
    }
  /** The cluster took trials as the tasks of a job array. */
  | { readonly event: 'submitted'; readonly job: string; readonly tasks: number; readonly trials: number }
  /** What the cluster says that is not about one trial. */
  | { readonly event: 'cluster'; readonly message: string }
  /** The process that followed the run leaves it to the cluster. */
  | { readonly event: 'detached'; readonly tally: Tally }
  | { readonly event: 'skipped'; readonly trials: readonly string[]; readonly reason: string }
  | { readonly event: 'stopping'; readonly level: 'stop' | 'kill'; readonly signal: string | null }
  | { readonly event: 'run-finished'; readonly state: RunState; readonly seconds: number; readonly tally: Tally };

type Payload<Type extends TrialEvent['type']> = Omit<Extract<TrialEvent, { type: Type }>, 'type'>;
