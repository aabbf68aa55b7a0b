import type { ClassificationBatch } from '../data/batch.js';
import { batchCount, type ClassificationBatchOptions, classificationBatches } from '../data/batches.js';
import type { ClassificationDataset } from '../data/dataset.js';
import { DataError } from '../errors.js';
import type { Model } from '../model/model.js';
import { fullBatchMisfits } from '../plan/checks/data.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { CheckpointStore } from './checkpoint.js';
import { classifierTask } from './classifier-task.js';
import type { Loss } from './losses/loss.js';
import type { Outcome } from './outcome.js';
import { train } from './train.js';
import type { TrainContext } from './train-context.js';
import type { Batches } from './train-task.js';

export interface TrainClassifierOptions {
  readonly config: TrialConfig;
  readonly seed: number;
  readonly dataset: ClassificationDataset;
  readonly model: Model;
  readonly loss: Loss;
  readonly context: TrainContext;
  readonly checkpoints: CheckpointStore | null;
}

/** Trains a classifier on a data set's training split and evaluates it on the others. */
export async function trainClassifier(options: TrainClassifierOptions): Promise<Outcome> {
  const { config, seed, dataset, model, loss, context, checkpoints } = options;
  const { batch_size, shuffle, drop_last } = config.train;
  const [misfit] = fullBatchMisfits(config.train, dataset.train.count);
  if (misfit !== undefined) throw new DataError(misfit.message, { code: misfit.code, hint: misfit.hint ?? undefined });
  const { packed, bucket, pad } = config.data.sequence;
  const common = { batch_size, seed, padding: pad, bucket, packed };
  const task = classifierTask({
    model,
    loss,
    classes: dataset.classes,
    metrics: config.metrics,
    packed,
    evaluated: (['validation', 'test'] as const).filter((split) => dataset[split] !== null),
    trainingBatches: (epoch) => pass(dataset.train, { ...common, shuffle, drop_last, epoch }),
    // In the data's order; buckets need an order of their own, the same in every epoch, so that texts are padded as in
    // training.
    evaluationBatches: (split) => pass(dataset[split]!, { ...common, shuffle: bucket, drop_last: false, epoch: 0 }),
  });
  return train({ config, model, task, context, checkpoints });
}

function pass(
  split: ClassificationDataset['train'],
  options: ClassificationBatchOptions,
): Batches<ClassificationBatch> {
  return { count: batchCount(split, options), batches: classificationBatches(split, options) };
}
