import type { DirectionWeights, LayerInput, LayerState, RecurrentLayer } from '../../src/engine/recurrent-layer.js';
import type { Cell } from '../../src/plan/trial-config.js';
import { randomStream } from '../../src/random/stream.js';
import { tf } from '../../src/tf.js';
import { noise, values } from './compare.js';

/** A recurrent layer of some sizes, its operands drawn at random. */
export interface LayerCase {
  readonly name: string;
  readonly cell: Cell;
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly batch: number;
  readonly time: number;
  readonly input: number;
  readonly hidden: number;
  readonly directions: 1 | 2;
  /** Distinct rows, read through an index; null reads a row per position. */
  readonly rows: number | null;
  readonly lengths?: readonly number[];
  readonly bias: boolean | 'input';
  readonly projection?: number;
  readonly initialState: boolean;
}

/** Outputs, and the gradients of a random weighting of them, as plain arrays by name. */
export function runLayerCase(layerCase: LayerCase, layer: RecurrentLayer): Record<string, Float32Array> {
  const result: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const operands = drawOperands(layerCase);
    const names = Object.keys(operands);
    const loss = (...list: tf.Tensor[]): tf.Scalar => {
      const named = Object.fromEntries(names.map((name, n) => [name, list[n]!]));
      const terms = Object.entries(forward(layerCase, named, layer)).map(([name, output]) =>
        tf.sum(tf.mul(output, noise(output.shape, `dy ${name}`))),
      );
      return tf.addN(terms) as tf.Scalar;
    };
    const gradients = tf.grads(loss)(Object.values(operands));
    for (const [name, output] of Object.entries(forward(layerCase, operands, layer))) result[name] = values(output);
    names.forEach((name, n) => {
      result[`d ${name}`] = values(gradients[n]!);
    });
  });
  return result;
}

function forward(
  layerCase: LayerCase,
  named: Record<string, tf.Tensor>,
  layer: RecurrentLayer,
): Record<string, tf.Tensor> {
  const { batch, time, cell, directions, rows, lengths } = layerCase;
  const input: LayerInput = {
    size: batch,
    time,
    rows: named.rows as tf.Tensor2D,
    index: rows === null ? null : drawIndex(batch, time, rows),
    lengths: lengths === undefined ? null : Int32Array.from(lengths),
  };
  const weights = Array.from({ length: directions }, (_, d): DirectionWeights => {
    const own = (name: string): tf.Tensor | null => named[`${name} ${d}`] ?? null;
    return {
      weight_ih: own('weight_ih') as tf.Tensor2D,
      weight_hh: own('weight_hh') as tf.Tensor2D,
      bias_ih: own('bias_ih') as tf.Tensor1D | null,
      bias_hh: own('bias_hh') as tf.Tensor1D | null,
      weight_hr: own('weight_hr') as tf.Tensor2D | null,
    };
  });
  const states = (name: string): tf.Tensor2D[] | null =>
    named[`${name} 0`] === undefined ? null : weights.map((_, d) => named[`${name} ${d}`] as tf.Tensor2D);
  const state: LayerState = { h: states('h0'), c: states('c0') };
  const nonlinearity = layerCase.nonlinearity ?? 'tanh';
  const { output, h, c } = layer(input, weights, state, { cell, nonlinearity, sequence: true });
  const outputs: Record<string, tf.Tensor> = { output: output! };
  h.forEach((value, d) => {
    outputs[`h ${d}`] = value;
  });
  c?.forEach((value, d) => {
    outputs[`c ${d}`] = value;
  });
  return outputs;
}

function drawOperands(layerCase: LayerCase): Record<string, tf.Tensor> {
  const { cell, batch, time, input, hidden, directions, rows, bias, projection, initialState } = layerCase;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell] * hidden;
  const state = projection ?? hidden;
  const named: Record<string, tf.Tensor> = { rows: noise([rows ?? batch * time, input], 'rows') };
  for (let d = 0; d < directions; d++) {
    const add = (name: string, shape: number[], scale = 0.3): void => {
      named[`${name} ${d}`] = tf.mul(noise(shape, `${name} ${d}`), scale);
    };
    add('weight_ih', [gates, input]);
    add('weight_hh', [gates, state], 0.12);
    if (bias !== false) add('bias_ih', [gates]);
    if (bias === true) add('bias_hh', [gates]);
    if (projection !== undefined) add('weight_hr', [projection, hidden]);
    if (initialState) add('h0', [batch, state]);
    if (initialState && cell === 'lstm') add('c0', [batch, hidden]);
  }
  return named;
}

function drawIndex(batch: number, time: number, rows: number): tf.Tensor2D {
  const stream = randomStream({ seed: 1, purpose: 'index' });
  const index = Int32Array.from({ length: batch * time }, () => stream.below(rows));
  return tf.tensor2d(index, [batch, time], 'int32');
}
