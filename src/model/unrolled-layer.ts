import * as tf from '@tensorflow/tfjs';
import type {
  DirectionWeights,
  LayerInput,
  LayerOptions,
  LayerResult,
  LayerState,
  RecurrentLayer,
} from '../engine/recurrent-layer.js';
import { expandRows } from './expand-rows.js';
import { unstack } from './unstack.js';

/** The state of one direction between two steps; `c` only for LSTM. */
interface StepState {
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D | null;
}

/** One step of a cell: the input's share of the gates [B, G·H] and the state before → the state after. */
type Step = (x: tf.Tensor2D, before: StepState) => StepState;

/**
 * The composed reference: each cell step by step from plain tensor operations, as PyTorch's nn.RNN, nn.GRU and
 * nn.LSTM define them, with gradients by the tape. Only the inputs' product with `weight_ih`, which no step depends on,
 * is taken for all steps at once.
 */
export const unrolledLayer: RecurrentLayer = (input, directions, state, options) => {
  const results = directions.map((weights, d) => unroll(input, weights, stateOf(state, d), options, d === 1));
  return {
    output: options.sequence
      ? (tf.concat(
          results.map(({ outputs }) => tf.stack(outputs, 1)),
          2,
        ) as tf.Tensor3D)
      : null,
    h: results.map(({ last }) => last.h),
    c: options.cell === 'lstm' ? results.map(({ last }) => last.c!) : null,
  } satisfies LayerResult;
};

type InitialState = { readonly h: tf.Tensor2D | null; readonly c: tf.Tensor2D | null };

function stateOf({ h, c }: LayerState, direction: number): InitialState {
  return { h: h?.[direction] ?? null, c: c?.[direction] ?? null };
}

function unroll(
  input: LayerInput,
  weights: DirectionWeights,
  initial: InitialState,
  options: LayerOptions,
  reverse: boolean,
): { readonly outputs: tf.Tensor2D[]; readonly last: StepState } {
  const { size, time } = input;
  const step = STEPS[options.cell](weights, options);
  const inputs = inputGates(input, weights, options);
  const active = activeRows(input);
  const zeros = tf.zeros([size, weights.weight_hh.shape[1]]) as tf.Tensor2D;
  let state: StepState = {
    h: initial.h ?? zeros,
    c: options.cell === 'lstm' ? (initial.c ?? tf.zeros([size, weights.weight_hh.shape[0] / 4])) : null,
  };
  const outputs = new Array<tf.Tensor2D>(time);
  for (let n = 0; n < time; n++) {
    const t = reverse ? time - 1 - n : n;
    const rows = active(t);
    if (rows === 'none') {
      outputs[t] = zeros;
      continue;
    }
    const before = state;
    const after = tidyState(() => step(inputs[t]!, before));
    state = rows === 'all' ? after : tidyState(() => keepInactive(rows, before, after));
    // A sequence that has ended (or, backwards, not begun) keeps its state and puts out zero.
    outputs[t] = rows === 'all' || !options.sequence ? state.h : tf.where(rows, state.h, zeros);
  }
  return { outputs, last: state };
}

/**
 * The inputs' share of every gate, per time step [B, G·H]. With an index each distinct input is multiplied once.
 * Biases that only add up join here; GRU's recurrent bias stays inside its reset gate.
 */
function inputGates(input: LayerInput, weights: DirectionWeights, { cell }: LayerOptions): tf.Tensor2D[] {
  const { size, time, rows, index } = input;
  let gates: tf.Tensor2D = tf.matMul(rows, weights.weight_ih, false, true);
  if (weights.bias_ih !== null) gates = tf.add(gates, weights.bias_ih);
  if (weights.bias_hh !== null && cell !== 'gru') gates = tf.add(gates, weights.bias_hh);
  const features = gates.shape[1];
  if (index === null) return unstack(tf.reshape(gates, [size, time, features]), 1);
  const timeMajor = expandRows(gates, transposed(index.dataSync() as Int32Array, size, time));
  return unstack(tf.reshape(timeMajor, [time, size, features]), 0);
}

function transposed(index: Int32Array, size: number, time: number): Int32Array {
  const result = new Int32Array(index.length);
  for (let b = 0; b < size; b++) for (let t = 0; t < time; t++) result[t * size + b] = index[b * time + t]!;
  return result;
}

/** Which sequences take part in a step: all, none, or a mask [B, 1]. */
function activeRows({ size, lengths }: LayerInput): (t: number) => 'all' | 'none' | tf.Tensor2D {
  if (lengths === null) return () => 'all';
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  return (t) => {
    if (t < shortest) return 'all';
    if (t >= longest) return 'none';
    return tf.tensor2d(
      Uint8Array.from(lengths, (length) => (t < length ? 1 : 0)),
      [size, 1],
      'bool',
    );
  };
}

function keepInactive(active: tf.Tensor2D, before: StepState, after: StepState): StepState {
  return {
    h: tf.where(active, after.h, before.h),
    c: after.c === null ? null : tf.where(active, after.c, before.c!),
  };
}

/** Drops a step's intermediate tensors at once, unless a gradient needs them. */
function tidyState(make: () => StepState): StepState {
  const { h, c } = tf.tidy(() => {
    const state = make();
    return state.c === null ? { h: state.h } : { h: state.h, c: state.c };
  }) as { h: tf.Tensor2D; c?: tf.Tensor2D };
  return { h, c: c ?? null };
}

const STEPS: { readonly [cell in LayerOptions['cell']]: (weights: DirectionWeights, options: LayerOptions) => Step } = {
  lstm: lstmStep,
  gru: gruStep,
  rnn: rnnStep,
};

function lstmStep({ weight_hh, weight_hr }: DirectionWeights): Step {
  return (x, before) => {
    const gates = tf.add(x, tf.matMul(before.h, weight_hh, false, true)) as tf.Tensor2D;
    const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const c: tf.Tensor2D = tf.add(tf.mul(tf.sigmoid(f), before.c!), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    const h: tf.Tensor2D = tf.mul(tf.sigmoid(o), tf.tanh(c));
    return { h: weight_hr === null ? h : tf.matMul(h, weight_hr, false, true), c };
  };
}

function gruStep({ weight_hh, bias_hh }: DirectionWeights): Step {
  return (x, before) => {
    const { h } = before;
    const product = tf.matMul(h, weight_hh, false, true);
    const recurrent = bias_hh === null ? product : tf.add(product, bias_hh);
    const [xr, xz, xn] = tf.split(x, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const [hr, hz, hn] = tf.split(recurrent, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const r = tf.sigmoid(tf.add(xr, hr));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(r, hn)));
    // (1 − z)·n + z·h, with one product fewer.
    return { h: tf.add(n, tf.mul(z, tf.sub(h, n))), c: null };
  };
}

function rnnStep({ weight_hh }: DirectionWeights, { nonlinearity }: LayerOptions): Step {
  const activation = nonlinearity === 'relu' ? tf.relu<tf.Tensor2D> : tf.tanh<tf.Tensor2D>;
  return (x, { h }) => ({ h: activation(tf.add(x, tf.matMul(h, weight_hh, false, true))), c: null });
}
