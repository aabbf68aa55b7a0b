/** A batch's figures as they enter the means. */
export interface BatchFigures {
  /** The batch's mean loss. */
  readonly loss: number;
  /** What the mean loss weighs: samples, or the sum of their class weights. */
  readonly weight: number;
  /** Right predictions; null where none were made. */
  readonly correct: number | null;
  readonly samples: number;
}

export interface RunningMeans {
  add(batch: BatchFigures): void;
  readonly batches: number;
  /** Over samples. */
  readonly loss: number;
  readonly loss_over_batches: number;
  readonly accuracy: number | null;
  readonly accuracy_over_batches: number | null;
}

/** Streaming means of loss and accuracy, over samples and over batches. NaN before the first batch. */
export function runningMeans(): RunningMeans {
  let batches = 0;
  let samples = 0;
  let weight = 0;
  let weightedLoss = 0;
  let batchLoss = 0;
  let correct: number | null = null;
  let batchAccuracy = 0;
  return {
    add(batch) {
      batches++;
      samples += batch.samples;
      weight += batch.weight;
      weightedLoss += batch.loss * batch.weight;
      batchLoss += batch.loss;
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
      return batchLoss / batches;
    },
    get accuracy() {
      return correct === null ? null : correct / samples;
    },
    get accuracy_over_batches() {
      return correct === null ? null : batchAccuracy / batches;
    },
  };
}
