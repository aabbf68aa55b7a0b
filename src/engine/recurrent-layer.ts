import type { Cell } from '../plan/trial-config.js';
import type { tf } from '../tf.js';

/** One direction's parameters of one layer, under PyTorch's names; G gates (LSTM 4: i, f, g, o; GRU 3: r, z, n; RNN 1). */
export interface DirectionWeights {
  /** [G·H, I] */
  readonly weight_ih: tf.Tensor2D;
  /** [G·H, H] (or [G·H, projection]) */
  readonly weight_hh: tf.Tensor2D;
  /** [G·H], or null without that bias. */
  readonly bias_ih: tf.Tensor1D | null;
  readonly bias_hh: tf.Tensor1D | null;
  /** [projection, H], or null without a projection. */
  readonly weight_hr: tf.Tensor2D | null;
}

/** What a layer reads: sequence b at time t reads `rows[index[b, t]]`. */
export interface LayerInput {
  readonly size: number;
  readonly time: number;
  /** [N, I]: without an index N = B·T, row b·T + t; with one, each distinct input once (token deduplication). */
  readonly rows: tf.Tensor2D;
  /** [B, T] int32, or null. */
  readonly index: tf.Tensor2D | null;
  /** [B] steps that take part (PyTorch's packed sequences: the rest of the output is zero), or null for all. */
  readonly lengths: Int32Array | null;
}

export interface LayerOptions {
  readonly cell: Cell;
  readonly nonlinearity: 'tanh' | 'relu';
  /** Whether the output at every step is wanted; without it `output` is null and costs nothing. */
  readonly sequence: boolean;
}

/** [B, H] (or [B, projection]) per direction; null starts at zero. */
export interface LayerState {
  readonly h: readonly tf.Tensor2D[] | null;
  readonly c: readonly tf.Tensor2D[] | null;
}

export interface LayerResult {
  /** [B, T, D·H]: forward then backward features. */
  readonly output: tf.Tensor3D | null;
  /** The final hidden state per direction. */
  readonly h: readonly tf.Tensor2D[];
  /** LSTM: the final cell state per direction. */
  readonly c: readonly tf.Tensor2D[] | null;
}

/**
 * A recurrent layer: one entry of `directions` (forward) or two (forward, backward). Implemented by the composed
 * reference (`src/model/unrolled-layer.ts`) and by the fused kernels (`src/engine/fused-layer.ts`), with gradients
 * for rows, weights and initial states.
 */
export type RecurrentLayer = (
  input: LayerInput,
  directions: readonly DirectionWeights[],
  state: LayerState,
  options: LayerOptions,
) => LayerResult;
