import type { tf } from '../tf.js';

/** Token indices as a model reads them. */
export interface ModelInput {
  readonly size: number;
  readonly time: number;
  /** [B, T], row-major. */
  readonly ids: Int32Array;
  /** [B] tokens that take part when sequences are packed; null when padding is read like any token. */
  readonly lengths: Int32Array | null;
}

/** The recurrent state of every layer and direction, as PyTorch orders it: layer 0 forward, layer 0 reverse, layer 1 … */
export interface RecurrentState {
  /** Per layer and direction [B, H] (or [B, projection]). */
  readonly h: readonly tf.Tensor2D[];
  /** LSTM only: per layer and direction [B, H]. */
  readonly c: readonly tf.Tensor2D[] | null;
}

export interface ForwardContext {
  readonly training: boolean;
  /** Batches trained on so far: the index of the dropout and initial-state streams. */
  readonly step: number;
  /** The state to start from; null starts as `initial_state` says. */
  readonly state: RecurrentState | null;
}

export interface ForwardResult {
  /** [B, outputs]; for models that answer at every step [B, T, outputs]. */
  readonly logits: tf.Tensor;
  readonly state: RecurrentState;
}

export interface Model {
  /** Every parameter by its name in PyTorch's state_dict, in that order. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** Those that are trained (a frozen embedding is not), in the same order. */
  readonly trainable: ReadonlyMap<string, tf.Variable>;
  /** The module as PyTorch prints it. */
  readonly text: string;
  /** Call inside `tf.tidy` or a gradient function: the results are tensors of the caller's scope. */
  forward(input: ModelInput, context: ForwardContext): ForwardResult;
  dispose(): void;
}

export interface ModelSizes {
  /** V, special tokens included. */
  readonly vocabulary: number;
  /** Outputs of the last linear layer. */
  readonly outputs: number;
  /** Answer at every time step (language models, ctc) instead of once per text. */
  readonly every_step: boolean;
}
