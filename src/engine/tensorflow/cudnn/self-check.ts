import { unrolledLayer } from '../../../model/unrolled-layer.js';
import type { Cell } from '../../../plan/trial-config.js';
import { randomStream } from '../../../random/stream.js';
import { tf } from '../../../tf.js';
import type { DirectionWeights, LayerInput, LayerOptions, RecurrentLayer } from '../../recurrent-layer.js';
import { cudnnLayer } from './cudnn-layer.js';

/** Layers that cuDNN either computes right on this machine or does not. */
export interface LayerKind {
  readonly cell: Cell;
  readonly nonlinearity: 'tanh' | 'relu';
  readonly directions: 1 | 2;
  /** Whether sequences have lengths of their own. */
  readonly packed: boolean;
  readonly projected: boolean;
}

/** Every kind that cuDNN has. */
export const LAYER_KINDS: readonly LayerKind[] = [
  { cell: 'lstm', nonlinearity: 'tanh', projected: false } as const,
  { cell: 'lstm', nonlinearity: 'tanh', projected: true } as const,
  { cell: 'gru', nonlinearity: 'tanh', projected: false } as const,
  { cell: 'rnn', nonlinearity: 'tanh', projected: false } as const,
  { cell: 'rnn', nonlinearity: 'relu', projected: false } as const,
].flatMap((kind) =>
  ([1, 2] as const).flatMap((directions) => [false, true].map((packed) => ({ ...kind, directions, packed }))),
);

/** `bidirectional packed LSTM with a projection`. */
export function kindName({ cell, nonlinearity, directions, packed, projected }: LayerKind): string {
  return [
    ...(directions === 2 ? ['bidirectional'] : []),
    ...(packed ? ['packed'] : []),
    ...(nonlinearity === 'relu' ? ['relu'] : []),
    cell.toUpperCase(),
    ...(projected ? ['with a projection'] : []),
  ].join(' ');
}

/**
 * Whether cuDNN's layer gives what the composed reference gives on the same device, values and gradients: null when it
 * does, else what is wrong.
 */
export function checkKind(kind: LayerKind): string | null {
  try {
    const [name, error] = tf.tidy(() => largestError(evaluate(kind, cudnnLayer), evaluate(kind, unrolledLayer)));
    return error <= TOLERANCE ? null : `${name} differs by ${error.toPrecision(2)} from the composed layer's`;
  } catch (error) {
    return whatWentWrong((error as Error).message);
  }
}

/** TensorFlow's own words, without the call that they are about: a code, then `Message: Could not find … = Op[…]`. */
function whatWentWrong(message: string): string {
  const said = /^Message: (.*)$/m.exec(message)?.[1] ?? message.trim().split('\n')[0]!;
  return said.replace(/ = \w+\[.*/, '');
}

/** Relative to the largest magnitude: gates in a wrong place differ by tenths, the ten bits of TF32 by a thousandth. */
const TOLERANCE = 5e-3;
const SIZES = { batch: 3, time: 3, input: 3, hidden: 4, projection: 2 };
/** In no order, with a whole one and one of a single step. */
const LENGTHS = Int32Array.of(2, 3, 1);

/** Outputs, and the gradients of a random weighting of them, by name. */
function evaluate(kind: LayerKind, layer: RecurrentLayer): Map<string, Float32Array> {
  const operands = drawOperands(kind);
  const names = [...operands.keys()];
  const outputs = (list: readonly tf.Tensor[]): Map<string, tf.Tensor> =>
    runLayer(kind, layer, new Map(names.map((name, n) => [name, list[n]!])));
  const loss = (...list: tf.Tensor[]): tf.Scalar => {
    const terms = [...outputs(list)].map(([name, output]) => tf.sum(tf.mul(output, draw(output.shape, `d ${name}`))));
    return tf.addN(terms) as tf.Scalar;
  };
  const gradients = tf.grads(loss)([...operands.values()]);
  const results = new Map([...outputs([...operands.values()])].map(([name, output]) => [name, valuesOf(output)]));
  names.forEach((name, n) => {
    results.set(`the gradient of ${name}`, valuesOf(gradients[n]!));
  });
  return results;
}

function runLayer(
  { cell, nonlinearity, directions, packed }: LayerKind,
  layer: RecurrentLayer,
  operands: ReadonlyMap<string, tf.Tensor>,
): Map<string, tf.Tensor> {
  const find = <T extends tf.Tensor>(name: string): T | null => (operands.get(name) as T | undefined) ?? null;
  const weights = Array.from(
    { length: directions },
    (_, d): DirectionWeights => ({
      weight_ih: find<tf.Tensor2D>(`weight_ih ${d}`)!,
      weight_hh: find<tf.Tensor2D>(`weight_hh ${d}`)!,
      bias_ih: find<tf.Tensor1D>(`bias_ih ${d}`),
      bias_hh: find<tf.Tensor1D>(`bias_hh ${d}`),
      weight_hr: find<tf.Tensor2D>(`weight_hr ${d}`),
    }),
  );
  const states = (name: string): tf.Tensor2D[] => weights.map((_, d) => find<tf.Tensor2D>(`${name} ${d}`)!);
  const { batch, time } = SIZES;
  const rows = find<tf.Tensor2D>('rows')!;
  const input: LayerInput = { size: batch, time, rows, index: null, lengths: packed ? LENGTHS : null };
  const options: LayerOptions = { cell, nonlinearity, sequence: true };
  const state = { h: states('h0'), c: cell === 'lstm' ? states('c0') : null };
  const { output, h, c } = layer(input, weights, state, options);
  return new Map<string, tf.Tensor>([
    ['the output', output!],
    ...h.map((value, d) => [`h ${d}`, value] as const),
    ...(c ?? []).map((value, d) => [`c ${d}`, value] as const),
  ]);
}

function drawOperands({ cell, directions, projected }: LayerKind): Map<string, tf.Tensor> {
  const { batch, time, input, hidden, projection } = SIZES;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell] * hidden;
  const state = projected ? projection : hidden;
  const operands = new Map<string, tf.Tensor>();
  const add = (name: string, shape: number[]): void => {
    operands.set(name, draw(shape, name));
  };
  add('rows', [batch * time, input]);
  for (let d = 0; d < directions; d++) {
    add(`weight_ih ${d}`, [gates, input]);
    add(`weight_hh ${d}`, [gates, state]);
    add(`bias_ih ${d}`, [gates]);
    add(`bias_hh ${d}`, [gates]);
    if (projected) add(`weight_hr ${d}`, [projection, hidden]);
    add(`h0 ${d}`, [batch, state]);
    if (cell === 'lstm') add(`c0 ${d}`, [batch, hidden]);
  }
  return operands;
}

/** Uniform in [−1, 1), the same for the same name. */
function draw(shape: number[], name: string): tf.Tensor {
  const stream = randomStream({ seed: 0, purpose: `cuDNN check: ${name}` });
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => 2 * stream.uniform() - 1),
    shape,
  );
}

function valuesOf(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync() as Float32Array;
}

function largestError(
  actual: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float32Array>,
): [string, number] {
  let worst: [string, number] = ['', 0];
  for (const [name, values] of expected) {
    const own = actual.get(name)!;
    let magnitude = 0;
    let difference = 0;
    values.forEach((value, n) => {
      magnitude = Math.max(magnitude, Math.abs(value));
      difference = Math.max(difference, Math.abs(own[n]! - value));
    });
    const error = Number.isNaN(difference) ? Infinity : difference / magnitude;
    if (error > worst[1]) worst = [name, error];
  }
  return worst;
}
