/** A batch's figures as they enter the means. */
export interface BatchFigures {
  /** The batch's mean loss; read only where it weighs something. */
  readonly loss: number;
  /** What the mean loss weighs: samples, or the sum of their class weights. */
  readonly weight: number;
  /** Right predictions; null where none were made. */
  readonly correct: number | null;
  readonly samples: number;
}

/** The sums behind the means, as numbers, so that a checkpoint can hold them. */
export interface MeansState {
  readonly batches: number;
  readonly samples: number;
  readonly weight: number;
  readonly weighted_loss: number;
  readonly batch_loss: number;
  readonly correct: number | null;
  readonly batch_accuracy: number;
}

export interface RunningMeans {
  add(batch: BatchFigures): void;
  state(): MeansState;
  readonly batches: number;
  /** Over samples. */
  readonly loss: number;
  readonly loss_over_batches: number;
  readonly accuracy: number | null;
  readonly accuracy_over_batches: number | null;
}

const NOTHING: MeansState = {
  batches: 0,
  samples: 0,
  weight: 0,
  weighted_loss: 0,
  batch_loss: 0,
  correct: null,
  batch_accuracy: 0,
};

/** Streaming means of loss and accuracy, over samples and over batches, from `start` on. NaN before the first batch. */
export function runningMeans(start: MeansState = NOTHING): RunningMeans {
  let { batches, samples, weight, weighted_loss: weightedLoss, batch_loss: batchLoss, correct } = start;
  let batchAccuracy = start.batch_accuracy;
  // Of classes that weigh nothing: without a mean loss, as 0 / 0 is none. Not in the state, since training stops at them.
  let weightless = 0;
  return {
    state: () => ({
      batches,
      samples,
      weight,
      weighted_loss: weightedLoss,
      batch_loss: batchLoss,
      correct,
      batch_accuracy: batchAccuracy,
    }),
    add(batch) {
      batches++;
      samples += batch.samples;
      if (batch.weight === 0) weightless++;
      else {
        weight += batch.weight;
        weightedLoss += batch.loss * batch.weight;
        batchLoss += batch.loss;
      }
      if (batch.correct === null) return;
      correct = (correct ?? 0) + batch.correct;
      batchAccuracy += batch.correct / batch.samples;
    },
    get batches() {
      return batches;
    },
    get loss() {
      return weightedLoss / weight;
    },
    get loss_over_batches() {
      return batchLoss / (batches - weightless);
    },
    get accuracy() {
      return correct === null ? null : correct / samples;
    },
    get accuracy_over_batches() {
      return correct === null ? null : batchAccuracy / batches;
    },
  };
}
