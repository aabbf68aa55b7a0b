import type { ClassificationDataset, Dataset, LanguageModelDataset } from '../data/dataset.js';
import type { EpochRecord, SplitName, TrialResult } from './result.js';

const SPLITS = ['train', 'validation', 'test'] as const;

/** What a result says of its data. */
export function summarizeData(dataset: Dataset): NonNullable<TrialResult['data']> {
  const common = {
    digest: dataset.digest,
    source_digest: dataset.source_digest,
    vocabulary: dataset.vocabulary.tokens.length,
  };
  return dataset.task === 'classification'
    ? {
        ...common,
        classes: dataset.classes,
        counts: counts(dataset, (split) => split.count),
        class_counts: classCounts(dataset),
      }
    : { ...common, classes: [], counts: counts(dataset, (split) => split.ids.length) };
}

type Split<D extends Dataset> = D['train'];

function counts<D extends ClassificationDataset | LanguageModelDataset>(
  dataset: D,
  count: (split: Split<D>) => number,
): { readonly [split in SplitName]?: number } {
  const result: { [split in SplitName]?: number } = {};
  for (const name of SPLITS) {
    const split = dataset[name];
    if (split !== null) result[name] = count(split);
  }
  return result;
}

function classCounts({ classes, train }: ClassificationDataset): readonly number[] {
  const counted = new Array<number>(classes.length).fill(0);
  for (const label of train.labels) counted[label]!++;
  return counted;
}

/** Training and evaluation time over all epochs, and the throughput of the training part. */
export function summarizeEpochs(
  epochs: readonly EpochRecord[],
): Pick<TrialResult['timing'], 'train_seconds' | 'evaluate_seconds' | 'batches_per_second' | 'tokens_per_second'> {
  const sum = (of: (record: EpochRecord) => number): number => epochs.reduce((total, record) => total + of(record), 0);
  const train_seconds = sum((record) => record.train_seconds);
  const perSecond = (amount: number): number => (train_seconds === 0 ? 0 : amount / train_seconds);
  return {
    train_seconds,
    evaluate_seconds: sum((record) => record.evaluate_seconds),
    batches_per_second: perSecond(sum((record) => record.batches)),
    tokens_per_second: perSecond(sum((record) => record.tokens_per_second * record.train_seconds)),
  };
}
