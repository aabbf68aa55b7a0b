import type { EpochRecord, TrialResult } from './result.js';

/**
 * What a worker tells its parent (over IPC where there is one), one event a message or an array of them. Everything that
 * must last is in the trial's files.
 */
export type TrialEvent =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'phase'; readonly phase: 'engine' | 'data' | 'model' | 'train' | 'evaluate' | 'predict' }
  | {
      readonly type: 'progress';
      readonly epoch: number;
      readonly epochs: number;
      readonly batch: number;
      readonly batches: number;
      /** Running means of this epoch so far. */
      readonly loss: number;
      readonly accuracy: number | null;
      readonly batches_per_second: number;
      /** Until the trial's end. */
      readonly eta_seconds: number;
    }
  | { readonly type: 'epoch'; readonly record: EpochRecord }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'result'; readonly result: TrialResult };

/** config.json in a trial's folder: all that a worker needs to know. */
export interface TrialJob {
  readonly schema: 1;
  readonly trial: import('../plan/plan.js').Trial;
  /** The folder that relative `file` sources are relative to. */
  readonly working_directory: string;
  /** Seconds between checkpoints; absent or null saves one at the end of every epoch. */
  readonly checkpoint_seconds?: number | null;
}
