import type { TrainConfig } from '../plan/trial-config.js';
import type { EpochRecord } from '../trial/result.js';
import { lowerIsBetter, metricAt } from './metrics/metric-path.js';

export interface StoppingVerdict {
  /** The evaluated epoch with the best value of the watched metric, from 1; null before the first. */
  readonly best_epoch: number | null;
  /** Whether the last `patience` evaluations brought no improvement. */
  readonly stop: boolean;
}

type Rhythm = Pick<TrainConfig, 'evaluate_every' | 'epochs'>;

/** Whether the held-out splits are evaluated after an epoch (from 1): every `evaluate_every` epochs, and after the last. */
export function isEvaluated(epoch: number, { evaluate_every, epochs }: Rhythm): boolean {
  return epoch % evaluate_every === 0 || epoch === epochs;
}

/**
 * What early stopping says of a history: an improvement is one by more than `min_delta`; NaN is none. Only evaluated
 * epochs count, also for a metric of the training split: the weights that are restored have figures of every split.
 */
export function judgeHistory(
  config: NonNullable<TrainConfig['early_stopping']>,
  rhythm: Rhythm,
  history: readonly EpochRecord[],
): StoppingVerdict {
  const sign = lowerIsBetter(config.metric) ? 1 : -1;
  let best = Infinity;
  let best_epoch: number | null = null;
  let waited = 0;
  for (const record of history) {
    if (!isEvaluated(record.epoch, rhythm)) continue;
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
