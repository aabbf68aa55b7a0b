import type { tf } from '../../tf.js';

/** What is minimised. Logits are [R, outputs], or [B, T, outputs] for losses that read every time step. */
export interface Loss {
  /** Outputs of the last linear layer, unless `head.outputs` says otherwise. */
  readonly outputs: number;
  /** Whether the model answers at every time step instead of once per text. */
  readonly every_step: boolean;
  /**
   * [R]: the loss of every sample, weighted by its class where there are class weights (PyTorch's `reduction='none'`).
   * `lengths` are the steps that take part, for losses that read every step; null for all.
   */
  values(logits: tf.Tensor, labels: Int32Array, lengths?: Int32Array | null): tf.Tensor1D;
  /** What the sum of `values` is divided by for the mean: the samples, or the sum of their class weights. */
  divisor(labels: Int32Array): number;
  /** The mean loss as PyTorch reduces it: a scalar. */
  mean(logits: tf.Tensor, labels: Int32Array, lengths?: Int32Array | null): tf.Scalar;
  /** [R]: the class that is predicted for every sample. */
  predict(logits: tf.Tensor, lengths?: Int32Array | null): Int32Array;
  /** [R, C], row-major: a score per class that orders the samples, for ROC AUC. */
  scores(logits: tf.Tensor, lengths?: Int32Array | null): Float32Array;
}

/** What a loss states of itself; `completeLoss` adds what all have in common. */
export type LossParts = Pick<Loss, 'outputs' | 'values'> & Partial<Omit<Loss, 'mean'>>;
