import type { DirectionWeights, LayerInput, LayerOptions, RecurrentLayer } from '../engine/recurrent-layer.js';
import { tf } from '../tf.js';
import { type CellState, cellGates, cellStep } from './cell-step.js';
import { expandRows } from './expand-rows.js';
import { unstack } from './unstack.js';

/**
 * The composed reference: each cell step by step from plain tensor operations, as PyTorch's nn.RNN, nn.GRU and
 * nn.LSTM define them, with gradients by the tape. Only the inputs' products with `weight_ih`, which no step depends
 * on, are taken for all steps at once. Gates are matrices of their own, as in the equations: on the CPU backend a
 * slice of columns costs more than the products it would save, and slices of rows are free.
 */
export const unrolledLayer: RecurrentLayer = (input, directions, state, options) => {
  const results = directions.map((weights, d) => {
    const initial = { h: state.h?.[d] ?? null, c: state.c?.[d] ?? null };
    return unroll(input, weights, { initial, options, reverse: d === 1 });
  });
  return {
    output: options.sequence
      ? toSequence(
          input,
          results.flatMap(({ outputs }) => outputs),
        )
      : null,
    h: results.map(({ last }) => last.h),
    c: options.cell === 'lstm' ? results.map(({ last }) => last.c!) : null,
  };
};

interface UnrollOptions {
  readonly initial: { readonly h: tf.Tensor2D | null; readonly c: tf.Tensor2D | null };
  readonly options: LayerOptions;
  readonly reverse: boolean;
}

interface Unrolled {
  /** Per time step [B, H]. */
  readonly outputs: tf.Tensor2D[];
  readonly last: CellState;
}

function unroll(input: LayerInput, weights: DirectionWeights, { initial, options, reverse }: UnrollOptions): Unrolled {
  const { size, time } = input;
  const gates = cellGates(weights, options.cell);
  const inputs = gates.map((gate) => inputSteps(input, gate.weight_ih, gate.bias));
  const step = cellStep(gates, weights.weight_hr, options);
  const active = activeRows(input);
  const zeros = tf.zeros<tf.Rank.R2>([size, weights.weight_hh.shape[1]]);
  let state: CellState = {
    h: initial.h ?? zeros,
    c: options.cell === 'lstm' ? (initial.c ?? tf.zeros([size, gates[0]!.weight_hh.shape[0]])) : null,
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
    state = tidyState(() => {
      const x = inputs.map((steps) => steps[t]!);
      const after = step(x, before);
      return rows === 'all' ? after : keepInactive(rows, before, after);
    });
    // A sequence that has ended (or, backwards, not begun) keeps its state and puts out zero.
    outputs[t] = rows === 'all' || !options.sequence ? state.h : tf.where(rows, state.h, zeros);
  }
  return { outputs, last: state };
}

/** The inputs' share of one gate at every time step, [B, H] each: each distinct input is multiplied once. */
function inputSteps(input: LayerInput, weight: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor2D[] {
  const { size, time, rows } = input;
  const product: tf.Tensor2D = tf.matMul(rows, weight, false, true);
  const sums: tf.Tensor2D = bias === null ? product : tf.add(product, bias);
  return unstack(tf.reshape(expandRows(sums, timeMajor(input)), [time, size, weight.shape[0]]), 0);
}

/** [T, B]: the row that sequence b reads at time t. */
function timeMajor({ size, time, index }: LayerInput): Int32Array {
  const from = index?.dataSync<'int32'>();
  return Int32Array.from({ length: size * time }, (_, n) => {
    const position = (n % size) * time + Math.floor(n / size);
    return from?.[position] ?? position;
  });
}

/** Outputs per direction and time step [B, H] → [B, T, D·H]: the rows of a stack in another order. */
function toSequence({ size, time }: LayerInput, outputs: readonly tf.Tensor2D[]): tf.Tensor3D {
  const directions = outputs.length / time;
  const features = outputs[0]!.shape[1];
  const rows = tf.reshape(tf.stack([...outputs]), [outputs.length * size, features]) as tf.Tensor2D;
  const order = Int32Array.from({ length: outputs.length * size }, (_, n) => {
    const direction = n % directions;
    const t = Math.floor(n / directions) % time;
    const b = Math.floor(n / (directions * time));
    return (direction * time + t) * size + b;
  });
  return tf.reshape(expandRows(rows, order), [size, time, directions * features]);
}

/** Which sequences take part in a step: all, none, or a mask [B, 1]. */
function activeRows({ size, lengths }: LayerInput): (t: number) => 'all' | 'none' | tf.Tensor2D {
  if (lengths === null) return () => 'all';
  const shortest = lengths.reduce((a, b) => Math.min(a, b));
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  return (t) => {
    if (t < shortest) return 'all';
    if (t >= longest) return 'none';
    const takesPart = Uint8Array.from(lengths, (length) => (t < length ? 1 : 0));
    return tf.tensor2d(takesPart, [size, 1], 'bool');
  };
}

function keepInactive(active: tf.Tensor2D, before: CellState, after: CellState): CellState {
  return {
    h: tf.where(active, after.h, before.h),
    c: after.c === null ? null : tf.where(active, after.c, before.c!),
  };
}

/** Drops a step's intermediate tensors at once, unless a gradient needs them. */
function tidyState(make: () => CellState): CellState {
  const { h, c } = tf.tidy(() => {
    const state = make();
    return state.c === null ? { h: state.h } : { h: state.h, c: state.c };
  }) as { h: tf.Tensor2D; c?: tf.Tensor2D };
  return { h, c: c ?? null };
}
