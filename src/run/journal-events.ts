import type { TrialState } from '../trial/result.js';
import type { ExecutorName } from './executors/executor.js';
import type { GpuRequest } from './gpus.js';

/** One line of journal.ndjson; `time` is ISO 8601 in UTC. */
export type JournalEvent = { readonly time: string } & (
  | {
      readonly event: 'run-started';
      readonly pid: number;
      readonly host: string;
      readonly trials: number;
      readonly jobs: number;
      /** Absent in older journals, where it is `local`. */
      readonly executor?: ExecutorName;
    }
  /** A job array of the cluster took trials: `slurm/array-<n>.json` says which. */
  | {
      readonly event: 'submitted';
      readonly array: number;
      readonly job: string;
      readonly tasks: number;
      readonly trials: number;
    }
  | { readonly event: 'queued'; readonly trial: string }
  | {
      readonly event: 'started';
      readonly trial: string;
      readonly pid: number;
      readonly attempt: number;
      /** The GPU that was dealt to it, as CUDA_VISIBLE_DEVICES names it. */
      readonly gpu?: string;
      /** The task of the cluster that runs it, `<job>_<index>`, and where. */
      readonly job?: string;
      readonly host?: string;
    }
  | { readonly event: 'epoch'; readonly trial: string; readonly epoch: number }
  | {
      readonly event: 'finished';
      readonly trial: string;
      readonly state: TrialState;
      readonly seconds: number;
      readonly error?: string;
      /** The trial of an earlier run that the result was taken from. */
      readonly reused_from?: string;
    }
  /** The process that followed the run left it to the cluster. */
  | { readonly event: 'detached' }
  | { readonly event: 'run-finished'; readonly state: 'complete' | 'failed' | 'interrupted'; readonly seconds: number }
);

/** run.json in a run folder: what was run, where and by what. Written once, at the start. */
export interface RunInfo {
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly started: string;
  readonly command: readonly string[];
  readonly jobs: number;
  /** What was said of GPUs, which a resume goes by. */
  readonly gpus?: GpuRequest;
  /** Where the user's own tfjs-node lies, if its trials use one: they go on with it, from wherever they are resumed. */
  readonly tensorflow_folder?: string;
  /** The folder that relative `file` sources are relative to. */
  readonly working_directory: string;
  readonly sweepline: string;
  readonly node: string;
  readonly machine: {
    readonly host: string;
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memory_bytes: number;
  };
  readonly git: { readonly commit: string; readonly dirty: boolean; readonly branch: string } | null;
}
