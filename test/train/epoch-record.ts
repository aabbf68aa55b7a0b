import type { EpochRecord, SplitMetrics } from '../../src/trial/result.js';

/** A record of an epoch with the given figures. */
export function epochRecord(
  epoch: number,
  splits: { readonly train?: SplitMetrics; readonly validation?: SplitMetrics; readonly test?: SplitMetrics },
): EpochRecord {
  return {
    epoch,
    train: { loss: 1 },
    ...splits,
    lr: 0.1,
    train_seconds: 1,
    evaluate_seconds: 0,
    batches: 1,
    batches_per_second: 1,
    tokens_per_second: 1,
  };
}
