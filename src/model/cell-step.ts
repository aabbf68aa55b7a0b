import type { DirectionWeights, LayerOptions } from '../engine/recurrent-layer.js';
import type { Cell } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import { unstack } from './unstack.js';

/** The state between two steps: h [B, H] (or [B, projection]); c [B, H] only for LSTM. */
export interface CellState {
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D | null;
}

/** The parameters of one gate. */
export interface Gate {
  /** [H, I] */
  readonly weight_ih: tf.Tensor2D;
  /** [H, H] (or [H, projection]) */
  readonly weight_hh: tf.Tensor2D;
  /** [H]: what is added once and for all; null without biases. */
  readonly bias: tf.Tensor1D | null;
  /** [H]: what is added to the recurrent product before the reset gate; null elsewhere. */
  readonly inner_bias: tf.Tensor1D | null;
}

/** A direction's parameters cut into gates, in PyTorch's order: LSTM i, f, g, o; GRU r, z, n; RNN its only one. */
export function cellGates({ weight_ih, weight_hh, bias_ih, bias_hh }: DirectionWeights, cell: Cell): Gate[] {
  const count = { lstm: 4, gru: 3, rnn: 1 }[cell];
  const inputs = cut(weight_ih, count);
  const recurrent = cut(weight_hh, count);
  const inputBiases = bias_ih === null ? null : cut(bias_ih, count);
  const recurrentBiases = bias_hh === null ? null : cut(bias_hh, count);
  return inputs.map((weight, n) => {
    const isInner = cell === 'gru' && n === 2;
    const biases = [inputBiases?.[n], isInner ? undefined : recurrentBiases?.[n]].filter((b) => b !== undefined);
    return {
      weight_ih: weight,
      weight_hh: recurrent[n]!,
      bias: biases.length === 0 ? null : (tf.addN(biases) as tf.Tensor1D),
      inner_bias: (isInner ? recurrentBiases?.[n] : null) ?? null,
    };
  });
}

/** One step of a cell: every gate's share of the input [B, H] and the state before → the state after. */
export function cellStep(
  gates: readonly Gate[],
  weight_hr: tf.Tensor2D | null,
  { cell, nonlinearity }: LayerOptions,
): (x: readonly tf.Tensor2D[], before: CellState) => CellState {
  const recurrent = (h: tf.Tensor2D, n: number): tf.Tensor2D => tf.matMul(h, gates[n]!.weight_hh, false, true);
  const sum = (x: readonly tf.Tensor2D[], h: tf.Tensor2D, n: number): tf.Tensor2D => tf.add(x[n]!, recurrent(h, n));

  const lstm = (x: readonly tf.Tensor2D[], before: CellState): CellState => {
    const i: tf.Tensor2D = tf.sigmoid(sum(x, before.h, 0));
    const f: tf.Tensor2D = tf.sigmoid(sum(x, before.h, 1));
    const g: tf.Tensor2D = tf.tanh(sum(x, before.h, 2));
    const o: tf.Tensor2D = tf.sigmoid(sum(x, before.h, 3));
    const c: tf.Tensor2D = tf.add(tf.mul(f, before.c!), tf.mul(i, g));
    const h: tf.Tensor2D = tf.mul(o, tf.tanh(c));
    return { h: weight_hr === null ? h : tf.matMul(h, weight_hr, false, true), c };
  };

  const gru = (x: readonly tf.Tensor2D[], { h }: CellState): CellState => {
    const bias = gates[2]!.inner_bias;
    const product = recurrent(h, 2);
    const r: tf.Tensor2D = tf.sigmoid(sum(x, h, 0));
    const z: tf.Tensor2D = tf.sigmoid(sum(x, h, 1));
    const n: tf.Tensor2D = tf.tanh(tf.add(x[2]!, tf.mul(r, bias === null ? product : tf.add(product, bias))));
    // (1 − z)·n + z·h, with one product fewer.
    return { h: tf.add(n, tf.mul(z, tf.sub(h, n))), c: null };
  };

  const rnn = (x: readonly tf.Tensor2D[], { h }: CellState): CellState => {
    const a = sum(x, h, 0);
    return { h: nonlinearity === 'relu' ? tf.relu(a) : tf.tanh(a), c: null };
  };

  return { lstm, gru, rnn }[cell];
}

/** Equal parts along the first axis. */
function cut<T extends tf.Tensor1D | tf.Tensor2D>(x: T, count: number): T[] {
  const [rows, ...rest] = x.shape;
  return unstack(tf.reshape(x, [count, rows / count, ...rest]), 0) as tf.Tensor[] as T[];
}
