import type { Trial } from '../../plan/plan.js';
import type { TrialEvent } from '../../trial/events.js';
import type { TrialResult } from '../../trial/result.js';
import type { StopLevel } from '../interruption.js';
import type { RunFolder } from '../run-folder.js';

export interface TrialTask {
  /** The trial's own folder is ready: config.json is there, result.json is not. */
  readonly folder: RunFolder;
  readonly trial: Trial;
  /** Trials that wait for their turn: a worker may be made ready for one of them. */
  readonly upcoming: number;
  /** Heard until `result` settles, never after. */
  readonly onEvent: (event: TrialEvent) => void;
}

/** One attempt at a trial. */
export interface Execution {
  /** Of the worker's process; 0 when it could not be started. */
  readonly pid: number;
  /** Never rejects for what the worker does: every end of a worker is a result. */
  readonly result: Promise<TrialResult>;
  /** `stop` asks the worker to end itself (SIGTERM), `kill` ends it. */
  stop(level: StopLevel): void;
}

/** Where trials run. */
export interface Executor {
  start(task: TrialTask): Promise<Execution>;
  /** Ends what was made ready and is not needed any more. */
  close(): Promise<void>;
}
