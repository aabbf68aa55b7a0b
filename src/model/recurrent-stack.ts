import type { DirectionWeights, LayerInput, RecurrentLayer } from '../engine/recurrent-layer.js';
import type { Cell } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import type { RecurrentState } from './model.js';

export interface StackOptions {
  readonly layer: RecurrentLayer;
  readonly cell: Cell;
  readonly nonlinearity: 'tanh' | 'relu';
  /** Whether the last layer's output at every step is wanted. */
  readonly sequence: boolean;
  /** What stands between layer n and the next: rows [B·T, D·H] → the same shape. */
  between(rows: tf.Tensor2D, layer: number): tf.Tensor2D;
}

export interface StackResult {
  /** [B, T, D·H] of the last layer, or null when not wanted. */
  readonly output: tf.Tensor3D | null;
  readonly state: RecurrentState;
}

/** Runs stacked layers (`weights` per layer and direction), each on the output of the one before; a null state is zero. */
export function runStack(
  input: LayerInput,
  weights: readonly (readonly DirectionWeights[])[],
  state: RecurrentState | null,
  { layer, cell, nonlinearity, sequence, between }: StackOptions,
): StackResult {
  const { size, time, lengths } = input;
  const h: tf.Tensor2D[] = [];
  const c: tf.Tensor2D[] = [];
  let current = input;
  let output: tf.Tensor3D | null = null;
  weights.forEach((directions, n) => {
    const isLast = n === weights.length - 1;
    const from = n * directions.length;
    const own = <T>(all: readonly T[] | null | undefined): readonly T[] | null =>
      all?.slice(from, from + directions.length) ?? null;
    const options = { cell, nonlinearity, sequence: sequence || !isLast };
    const result = layer(current, directions, { h: own(state?.h), c: own(state?.c) }, options);
    h.push(...result.h);
    c.push(...(result.c ?? []));
    output = result.output;
    if (isLast || output === null) return;
    const rows = tf.reshape(output, [size * time, output.shape[2]]) as tf.Tensor2D;
    current = { size, time, rows: between(rows, n), index: null, lengths };
  });
  return { output: sequence ? output : null, state: { h, c: cell === 'lstm' ? c : null } };
}
