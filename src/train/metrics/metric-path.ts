import { TrainError } from '../../errors.js';
import type { EpochRecord, SplitMetrics, SplitName } from '../../trial/result.js';

/**
 * The value at a path such as `validation.loss`; undefined when that split was not evaluated in that epoch.
 * @throws TrainError when the split was evaluated and has no such metric, or one that its texts do not define.
 */
export function metricAt(record: EpochRecord, path: string): number | undefined {
  const [split, metric] = path.split('.') as [SplitName, keyof SplitMetrics];
  const metrics = record[split];
  if (metrics === undefined) return undefined;
  const value = metrics[metric];
  if (typeof value === 'number') return value;
  const known = Object.keys(metrics).filter((name) => typeof metrics[name as keyof SplitMetrics] === 'number');
  if (metric === 'roc_auc' && split !== 'train') {
    throw new TrainError(`${path} cannot be watched: it needs texts of every class, and the ${split} split lacks one`, {
      code: 'TRAIN_METRIC_UNDEFINED',
      hint: `watch another metric, or make the ${split} split larger`,
    });
  }
  throw new TrainError(`metric ${path}: expected one of ${known.join(', ')}, found ${metric}`, {
    code: 'TRAIN_METRIC_UNKNOWN',
    hint: `add ${metric} to metrics`,
  });
}

/** Whether a smaller value of the metric at that path is better. */
export function lowerIsBetter(path: string): boolean {
  return /\.(loss|loss_over_batches|perplexity|bits_per_character)$/.test(path);
}
