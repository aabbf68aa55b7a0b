import type { StoredTensor } from '../model/safetensors.js';
import type { tf } from '../tf.js';
import type { SplitMetrics, SplitName } from '../trial/result.js';
import type { RunningMeans } from './metrics/running-mean.js';

/** The batches of one pass over a split. */
export interface Batches<B> {
  readonly count: number;
  readonly batches: Iterable<B>;
}

export interface Pass {
  readonly training: boolean;
  /** The index of the random streams: batches trained on so far, or a number below 0 for evaluation. */
  readonly step: number;
}

/** A batch's forward pass; all tensors belong to the caller's scope. */
export interface ForwardLoss {
  readonly logits: tf.Tensor;
  /** [R]: the loss of every sample (or token). */
  readonly values: tf.Tensor1D;
  /** What the sum of `values` is divided by for the mean. */
  readonly weight: number;
}

/** Collects what an evaluated split needs besides its means. */
export interface SplitCollector<B> {
  /** Returns the right predictions; null where accuracy is not measured. */
  add(batch: B, logits: tf.Tensor): number | null;
  metrics(means: RunningMeans): SplitMetrics;
}

/** What a classifier and a language model tell the training loop about themselves. */
export interface TrainTask<B> {
  /** The splits that are evaluated. */
  readonly evaluated: readonly SplitName[];
  /** Epochs count from 0 here. */
  trainingBatches(epoch: number): Batches<B>;
  evaluationBatches(split: SplitName): Batches<B>;
  /** Called inside a gradient function or `tf.tidy`. */
  forward(batch: B, pass: Pass): ForwardLoss;
  /** Samples (language model: tokens to predict) in a batch. */
  samples(batch: B): number;
  /** Tokens that a batch feeds to the model. */
  tokens(batch: B): number;
  /** Right predictions of a training batch; null where accuracy is not measured. */
  correct(batch: B, logits: tf.Tensor): number | null;
  /** The running figures of a training epoch. */
  trainMetrics(means: RunningMeans): SplitMetrics;
  collect(split: SplitName): SplitCollector<B>;
  /** Copies of the tensors that the next training batch starts from, by name; empty where batches stand alone. */
  carried(): ReadonlyMap<string, StoredTensor>;
  /** Takes over such copies. */
  restoreCarried(tensors: ReadonlyMap<string, StoredTensor>): void;
  /** Releases tensors held between batches. */
  dispose(): void;
}
