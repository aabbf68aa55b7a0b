import type { TrainConfig } from '../plan/trial-config.js';
import type { EpochRecord } from '../trial/result.js';
import { lowerIsBetter, metricAt } from './metrics/metric-path.js';

export interface StoppingVerdict {
  /** The epoch with the best value of the watched metric, from 1; null before the first evaluation. */
  readonly best_epoch: number | null;
  /** Whether the last `patience` evaluations brought no improvement. */
  readonly stop: boolean;
}

/** What early stopping says of a history: an improvement is one by more than `min_delta`; NaN is none. */
export function judgeHistory(
  config: NonNullable<TrainConfig['early_stopping']>,
  history: readonly EpochRecord[],
): StoppingVerdict {
  const sign = lowerIsBetter(config.metric) ? 1 : -1;
  let best = Infinity;
  let best_epoch: number | null = null;
  let waited = 0;
  for (const record of history) {
    const value = metricAt(record, config.metric);
    if (value === undefined) continue;
    if (sign * value < best - config.min_delta) {
      best = sign * value;
      best_epoch = record.epoch;
      waited = 0;
    } else {
      waited++;
    }
  }
  return { best_epoch, stop: waited >= config.patience };
}
