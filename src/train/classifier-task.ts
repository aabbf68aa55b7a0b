import type { ClassificationBatch } from '../data/batch.js';
import type { Model } from '../model/model.js';
import type { Metric } from '../plan/trial-config.js';
import type { tf } from '../tf.js';
import type { SplitName } from '../trial/result.js';
import type { Loss } from './losses/loss.js';
import { type CollectedScores, collectScores } from './metrics/collected-scores.js';
import { countConfusion } from './metrics/confusion-matrix.js';
import { classificationMetrics, meanMetrics } from './metrics/split-metrics.js';
import type { Batches, SplitCollector, TrainTask } from './train-task.js';

export interface ClassifierTaskOptions {
  readonly model: Model;
  readonly loss: Loss;
  readonly classes: readonly string[];
  readonly metrics: readonly Metric[];
  /** Whether padding takes no part: the model is given the texts' lengths. */
  readonly packed: boolean;
  readonly evaluated: readonly SplitName[];
  /** A new pass over the training split in the epoch's order; epochs count from 0. */
  trainingBatches(epoch: number): Batches<ClassificationBatch>;
  evaluationBatches(split: SplitName): Batches<ClassificationBatch>;
}

/** A classifier as the training loop sees it. */
export function classifierTask(options: ClassifierTaskOptions): TrainTask<ClassificationBatch> {
  const { model, loss, classes, metrics, packed } = options;
  const lengthsOf = (batch: ClassificationBatch): Int32Array | null => (packed ? batch.lengths : null);
  const predict = (batch: ClassificationBatch, logits: tf.Tensor): Int32Array => loss.predict(logits, lengthsOf(batch));

  const collect = (): SplitCollector<ClassificationBatch> => {
    const confusion = countConfusion(classes.length);
    const scores: CollectedScores | null = metrics.includes('roc_auc') ? collectScores(classes.length) : null;
    return {
      add(batch, logits) {
        const predicted = predict(batch, logits);
        confusion.add(batch.labels, predicted);
        scores?.add(batch.labels, loss.scores(logits, lengthsOf(batch)));
        return countEqual(predicted, batch.labels);
      },
      metrics: (means) =>
        classificationMetrics({
          means,
          confusion: confusion.matrix(),
          classes,
          metrics,
          roc_auc: scores?.rocAuc() ?? null,
        }),
    };
  };

  return {
    evaluated: options.evaluated,
    trainingBatches: options.trainingBatches,
    evaluationBatches: options.evaluationBatches,
    forward(batch, { training, step }) {
      const lengths = lengthsOf(batch);
      const { size, time, ids } = batch;
      const { logits } = model.forward({ size, time, ids, lengths }, { training, step, state: null });
      return { logits, values: loss.values(logits, batch.labels, lengths), weight: loss.divisor(batch.labels) };
    },
    samples: (batch) => batch.size,
    tokens: (batch) => batch.size * batch.time,
    correct: (batch, logits) => countEqual(predict(batch, logits), batch.labels),
    trainMetrics: meanMetrics,
    collect,
    carried: () => new Map(),
    restoreCarried: () => {},
    dispose: () => {},
  };
}

function countEqual(predicted: Int32Array, labels: Int32Array): number {
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) count++;
  return count;
}
