import type { DirectionOperands } from '../../ops/recurrent-operands.js';
import type { Matrices } from './matrices.js';
import type { Handle, Ops } from './ops.js';

/** One direction of one layer, as its forward and its backward pass see it. */
export interface PassInput {
  readonly ops: Ops;
  readonly m: Matrices;
  /** T, B, H (hidden), S (state: the projection, or H), N (rows). */
  readonly time: number;
  readonly size: number;
  readonly hidden: number;
  readonly stateSize: number;
  readonly nonlinearity: 'tanh' | 'relu';
  /** [N, I] */
  readonly rows: Handle;
  readonly rowCount: number;
  /** [T·B]: the row that each step reads. */
  readonly index: Handle;
  readonly weights: DirectionOperands<Handle>;
  /** [B, S] */
  readonly h0: Handle;
  /** [B, H]; LSTM only. */
  readonly c0: Handle | null;
}

export interface PassOutput {
  /** [T·B, S]: the state after every step. */
  readonly states: Handle;
  /** [T·B, H]: LSTM's cell state after every step. */
  readonly cells: Handle | null;
  /** What the backward pass needs beside the operands, `states` and `cells`. */
  readonly saved: readonly Handle[];
}

/** Gradients of what a pass put out. */
export interface PassCotangents {
  /** [T·B, S] */
  readonly states: Handle;
  /** [T·B, H]; LSTM only. */
  readonly cells: Handle | null;
}

/** Gradients of what a pass took in; those of absent biases are not looked at. */
export interface PassGradients {
  /** [N, I] */
  readonly rows: Handle;
  readonly weight_ih: Handle;
  readonly weight_hh: Handle;
  readonly bias_ih: Handle;
  readonly bias_hh: Handle;
  readonly weight_hr: Handle | null;
  readonly h0: Handle;
  readonly c0: Handle | null;
}

/** How a cell runs through the steps of a direction on TensorFlow, and back. */
export interface RecurrentPass {
  forward(input: PassInput): PassOutput;
  backward(input: PassInput, output: PassOutput, cotangents: PassCotangents): PassGradients;
}
