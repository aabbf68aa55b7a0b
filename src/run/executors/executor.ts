import type { Trial } from '../../plan/plan.js';
import type { TrialEvent } from '../../trial/events.js';
import type { TrialResult } from '../../trial/result.js';
import type { ControlRequest } from '../control.js';
import type { Interruption, StopLevel } from '../interruption.js';
import type { Journal } from '../journal.js';
import type { RunEvent } from '../run-events.js';
import type { RunFolder } from '../run-folder.js';
import type { SchedulePolicy } from '../schedule-policy.js';

/** What an executor has to do: the trials of a run that have no final result yet. */
export interface Work {
  readonly folder: RunFolder;
  /** In the plan's order. */
  readonly trials: readonly Trial[];
  /** How often each trial was started before, by id; absent means never. */
  readonly attempts: ReadonlyMap<string, number>;
  /** Trials at once, from 1. */
  readonly jobs: number;
  readonly policy: SchedulePolicy;
  /** The folder that relative `file` sources are relative to. */
  readonly workingDirectory: string;
  readonly journal: Journal;
  readonly interruption: Interruption;
  /** Hears the requests of other processes; returns what ends that. */
  readonly onRequest: (listener: (request: ControlRequest) => void) => () => void;
  readonly emit: (event: RunEvent) => void;
}

export type ExecutorName = 'local' | 'slurm';

/** How an executor came back: with everything done, or having left it to go on elsewhere. */
export type RunEnd = 'done' | 'left';

/** Where trials run. */
export interface Executor {
  readonly name: ExecutorName;
  /**
   * Runs the trials, whatever their fates, and tells their stories to the journal and to `emit`. Throws the first I/O
   * error on the run folder, once nothing runs any more.
   */
  run(work: Work): Promise<RunEnd>;
  /** Ends what was made ready and is not needed any more. */
  close(): Promise<void>;
}

export interface TrialTask {
  /** The trial's own folder is ready: config.json is there, result.json is not. */
  readonly folder: RunFolder;
  readonly trial: Trial;
  /** The only GPU that it may see, as CUDA_VISIBLE_DEVICES names it; null leaves that as it is. */
  readonly gpu: string | null;
  /** Trials that wait for their turn: a worker may be made ready for one of them. */
  readonly upcoming: number;
  /** Heard until `result` settles, never after. */
  readonly onEvent: (event: TrialEvent) => void;
}

/** One attempt at a trial on this machine. */
export interface Execution {
  /** Of the worker's process; 0 when it could not be started. */
  readonly pid: number;
  /** Never rejects for what the worker does: every end of a worker is a result. */
  readonly result: Promise<TrialResult>;
  /** `stop` asks the worker to end itself (SIGTERM), `kill` ends it. */
  stop(level: StopLevel): void;
}

/** Starts trials on this machine, one call each. */
export interface Launcher {
  start(task: TrialTask): Promise<Execution>;
  /** Ends what was made ready and is not needed any more. */
  close(): Promise<void>;
}
