import type { EpochRecord } from '../trial/result.js';
import type { RunningMeans } from './metrics/running-mean.js';
import type { TrainContext } from './train-context.js';

/** Milliseconds between progress events: at most five a second. */
const INTERVAL = 200;

export interface ProgressOptions {
  readonly context: TrainContext;
  readonly epochs: number;
}

export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  readonly batches: number;
  readonly means: RunningMeans;
  /** When the epoch began, on the context's clock. */
  readonly began: number;
  readonly history: readonly EpochRecord[];
}

/** Emits progress events, at most five a second. */
export function createProgress({ context, epochs }: ProgressOptions): (progress: EpochProgress) => void {
  let last = -Infinity;
  return ({ epoch, batches, means, began, history }) => {
    const now = context.now();
    if (now - last < INTERVAL) return;
    last = now;
    const seconds = Math.max(now - began, 1e-3) / 1000;
    const batches_per_second = means.batches / seconds;
    const left = (batches - means.batches + (epochs - epoch) * batches) / batches_per_second;
    context.emit({
      type: 'progress',
      epoch,
      epochs,
      batch: means.batches,
      batches,
      loss: means.loss,
      accuracy: means.accuracy,
      batches_per_second,
      eta_seconds: left + (epochs - epoch + 1) * meanEvaluation(history),
    });
  };
}

/** Seconds of evaluation per epoch so far. */
function meanEvaluation(history: readonly EpochRecord[]): number {
  if (history.length === 0) return 0;
  return history.reduce((sum, record) => sum + record.evaluate_seconds, 0) / history.length;
}
