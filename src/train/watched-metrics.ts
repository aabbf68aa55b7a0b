import { TrainError } from '../errors.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { SplitName } from '../trial/result.js';

/** @throws TrainError when early stopping or a plateau schedule watches a split that is not evaluated. */
export function checkWatched(
  { train, optimizer }: Pick<TrialConfig, 'train' | 'optimizer'>,
  evaluated: readonly SplitName[],
): void {
  if (train.early_stopping !== null) checkSplit('train.early_stopping.metric', train.early_stopping.metric, evaluated);
  const { type, metric } = optimizer.schedule;
  if (type === 'plateau') checkSplit('optimizer.schedule.metric', metric, evaluated);
}

function checkSplit(key: string, path: string, evaluated: readonly SplitName[]): void {
  const known: readonly string[] = ['train', ...evaluated];
  const split = path.split('.')[0]!;
  if (known.includes(split)) return;
  throw new TrainError(`${key}: expected a metric of ${known.join(' or ')}, found ${path}`, {
    code: 'TRAIN_METRIC_SPLIT',
    hint: `name a ${split} part under data.split or data.${split}`,
  });
}
