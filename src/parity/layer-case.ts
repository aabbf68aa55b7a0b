import type { RecurrentLayer } from '../engine/recurrent-layer.js';
import type { RecurrentState } from '../model/model.js';
import { runStack } from '../model/recurrent-stack.js';
import { stackWeights } from '../model/stack-weights.js';
import { unstack } from '../model/unstack.js';
import { tf } from '../tf.js';
import type { CaseTensor, LayerCase } from './case-file.js';
import { type Comparison, compare } from './comparison.js';
import { oneOf, unsupported } from './unsupported.js';

/** Runs a layer case forwards and backwards: its output, final states and every gradient against PyTorch's. */
export function runLayerCase(example: LayerCase, layer: RecurrentLayer): Comparison[] {
  const names = ['x', 'h0', ...(example.c0 === undefined ? [] : ['c0']), ...Object.keys(example.params)];
  const stored = (name: string): CaseTensor =>
    name === 'x' || name === 'h0' || name === 'c0' ? example[name]! : example.params[name]!;
  return tf.tidy(() => {
    const inputs = names.map((name) => toTensor(stored(name)));
    const outputs: { [name: string]: Float32Array } = {};
    const objective = (...values: tf.Tensor[]): tf.Scalar => {
      const named = new Map(names.map((name, n) => [name, values[n]!]));
      const { output, h, c } = forward(example, named, layer);
      const parts: [string, tf.Tensor, CaseTensor | undefined][] = [
        ['output', output, example.cotangent_output],
        ['h_n', tf.stack([...h]), example.cotangent_h_n],
        ...(c === null ? [] : [['c_n', tf.stack([...c]), example.cotangent_c_n] as [string, tf.Tensor, CaseTensor]]),
      ];
      for (const [name, value] of parts) outputs[name] = value.dataSync<'float32'>().slice();
      return tf.addN(parts.map(([, value, cotangent]) => tf.sum(tf.mul(value, toTensor(cotangent!))))) as tf.Scalar;
    };
    const gradients = tf.grads(objective)(inputs);
    return [
      ...Object.entries(outputs).map(([name, found]) =>
        compare(name, found, example[name as 'output' | 'h_n' | 'c_n']!.data),
      ),
      ...Object.entries(example.grads).map(([name, expected]) => {
        const n = names.indexOf(name);
        if (n < 0) throw unsupported(`no gradient of ${name}`);
        return compare(`grads.${name}`, gradients[n]!.dataSync(), expected.data);
      }),
    ];
  });
}

function forward(
  example: LayerCase,
  named: ReadonlyMap<string, tf.Tensor>,
  layer: RecurrentLayer,
): { output: tf.Tensor; h: RecurrentState['h']; c: RecurrentState['c'] } {
  const [size, time, features] = example.x.shape as [number, number, number];
  const parameters = new Map(Object.keys(example.params).map((name) => [`rnn.${name}`, named.get(name)!]));
  const rows = tf.reshape(named.get('x')!, [size * time, features]) as tf.Tensor2D;
  const lengths = example.lengths === null ? null : Int32Array.from(example.lengths);
  const unstacked = (name: string): tf.Tensor2D[] | null => (named.has(name) ? unstack(named.get(name)!, 0) : null);
  const { output, state } = runStack(
    { size, time, rows, index: null, lengths },
    stackWeights(parameters, example.num_layers, example.bidirectional ? 2 : 1),
    { h: unstacked('h0')!, c: unstacked('c0') },
    {
      layer,
      cell: oneOf(example.cell, ['rnn', 'gru', 'lstm'], 'cell'),
      nonlinearity: oneOf(example.nonlinearity, ['tanh', 'relu'], 'nonlinearity'),
      sequence: true,
      between: (between) => between,
    },
  );
  return { output: output!, h: state.h, c: state.c };
}

function toTensor({ shape, data }: CaseTensor): tf.Tensor {
  return tf.tensor([...data], [...shape], 'float32');
}
