import type { LanguageModelBatch } from '../data/batch.js';
import {
  checkTextLength,
  type LanguageModelBatchOptions,
  languageModelBatches,
  windowBatchCount,
} from '../data/batches.js';
import type { LanguageModelDataset } from '../data/dataset.js';
import type { Model } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { CheckpointStore } from './checkpoint.js';
import { languageModelTask } from './language-model-task.js';
import type { Loss } from './losses/loss.js';
import type { Outcome } from './outcome.js';
import { train } from './train.js';
import type { TrainContext } from './train-context.js';
import type { Batches } from './train-task.js';

export interface TrainLanguageModelOptions {
  readonly config: TrialConfig;
  readonly seed: number;
  readonly dataset: LanguageModelDataset;
  readonly model: Model;
  readonly loss: Loss;
  readonly context: TrainContext;
  readonly checkpoints: CheckpointStore | null;
}

/** Trains a language model on a running text and measures its perplexity on the held-out ones. */
export async function trainLanguageModel(options: TrainLanguageModelOptions): Promise<Outcome> {
  const { config, seed, dataset, model, loss, context, checkpoints } = options;
  const { batch_size, carry_state } = config.train;
  const { length: steps, partition, random_offset } = config.data.sequence;
  const common = { steps, seed, carry_state };
  const evaluated = (['validation', 'test'] as const).filter((split) => dataset[split] !== null);
  const training = (epoch: number) => ({ ...common, batch_size, partition, random_offset, epoch });
  // In the text's order from its start, so that every evaluation reads the same windows.
  const evaluation = (ids: Int32Array) =>
    ({
      ...common,
      batch_size: evaluationRows(ids, batch_size, steps),
      partition: 'sequential',
      random_offset: false,
      epoch: 0,
    }) as const;
  // Before anything is trained that could not be gone on with, or not be evaluated.
  for (let epoch = 0; epoch < config.train.epochs; epoch++) {
    checkTextLength(dataset.train.ids.length, training(epoch), 'training');
  }
  for (const split of evaluated) {
    const { ids } = dataset[split]!;
    checkTextLength(ids.length, evaluation(ids), split);
  }
  const task = languageModelTask({
    model,
    loss,
    metrics: config.metrics,
    carry_state: carry_state && partition === 'sequential',
    evaluated,
    trainingBatches: (epoch) => pass(dataset.train.ids, training(epoch)),
    evaluationBatches: (split) => {
      const { ids } = dataset[split]!;
      return pass(ids, evaluation(ids));
    },
  });
  return train({ config, model, task, context, checkpoints });
}

function pass(ids: Int32Array, options: LanguageModelBatchOptions): Batches<LanguageModelBatch> {
  return { count: windowBatchCount(ids.length, options), batches: languageModelBatches(ids, options) };
}

/** As many rows as in training, fewer where a short text has not a window for each. */
function evaluationRows(ids: Int32Array, batch_size: number, steps: number): number {
  return Math.max(1, Math.min(batch_size, Math.floor((ids.length - 1) / steps)));
}
