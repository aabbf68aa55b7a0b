import type { TrialEvent } from '../trial/events.js';

/** What a training is given from outside: time, the wish to stop, and a listener. */
export interface TrainContext {
  /** A monotonic clock in milliseconds. */
  now(): number;
  /** When to give up, on that clock; null for never. */
  readonly deadline: number | null;
  /** Aborted: stop after the current batch. */
  readonly signal: AbortSignal;
  emit(event: TrialEvent): void;
}

/** Why a training ended before its last epoch. */
export type Interruption = 'cancelled' | 'timed_out';
