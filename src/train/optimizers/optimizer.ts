import type { tf } from '../../tf.js';

/** What changes from update to update. */
export interface UpdateOptions {
  readonly lr: number;
  /** Multiplies every gradient first: gradient-norm clipping, the mean over accumulated batches. */
  readonly scale: number;
  /** Then limits each element to ± this; null for no limit. */
  readonly clip_value: number | null;
}

/** An optimiser's memory, for checkpoints. */
export interface OptimizerState {
  /** Updates so far. */
  readonly step: number;
  /** By `<parameter>.<slot>`, in the order of the parameters: `rnn.weight_ih_l0.exp_avg`. */
  readonly slots: ReadonlyMap<string, tf.Variable>;
}

/** Updates parameters in place from their gradients, as torch.optim does. */
export interface Optimizer {
  /** One update; parameters without a gradient stay as they are. Gradients by parameter name. */
  apply(gradients: ReadonlyMap<string, tf.Tensor>, options: UpdateOptions): void;
  state(): OptimizerState;
  /** Takes over a state of the same optimiser over the same parameters. */
  load(step: number, slots: ReadonlyMap<string, Float32Array>): void;
  dispose(): void;
}
