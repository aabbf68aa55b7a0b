import { beforeAll, describe, expect, it } from 'vitest';
import type { DirectionWeights, LayerInput, LayerResult } from '../../src/engine/recurrent-layer.js';
import { unrolledLayer } from '../../src/model/unrolled-layer.js';
import type { Cell } from '../../src/plan/trial-config.js';
import { randomStream } from '../../src/random/stream.js';
import { tf } from '../../src/tf.js';
import { referenceSequence } from './reference-layer.js';

beforeAll(() => tf.setBackend('cpu'));

const GATES = { lstm: 4, gru: 3, rnn: 1 };
const stream = randomStream({ seed: 5, purpose: 'test' });
const random = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.5 * stream.normal()),
    shape,
  );

function weights(cell: Cell, inputs: number, hidden: number): DirectionWeights {
  const rows = GATES[cell] * hidden;
  return {
    weight_ih: random(rows, inputs) as tf.Tensor2D,
    // Larger ones make a chaotic system, in which float32 and float64 part ways.
    weight_hh: random(rows, hidden).div(Math.sqrt(hidden)) as tf.Tensor2D,
    bias_ih: random(rows) as tf.Tensor1D,
    bias_hh: random(rows) as tf.Tensor1D,
    weight_hr: null,
  };
}

function nested({ weight_ih, weight_hh, bias_ih, bias_hh }: DirectionWeights) {
  return {
    weight_ih: weight_ih.arraySync(),
    weight_hh: weight_hh.arraySync(),
    bias_ih: bias_ih!.arraySync(),
    bias_hh: bias_hh!.arraySync(),
  };
}

const noState = { h: null, c: null };
const options = (cell: Cell, sequence = true) => ({ cell, nonlinearity: 'tanh' as const, sequence });

function expectClose(found: tf.Tensor, expected: number[][][] | tf.Tensor) {
  const wanted = expected instanceof tf.Tensor ? expected.dataSync() : expected.flat(2);
  const values = found.dataSync();
  expect(values.length).toBe(wanted.length);
  let difference = 0;
  for (let n = 0; n < values.length; n++) difference = Math.max(difference, Math.abs(values[n]! - wanted[n]!));
  expect(difference).toBeLessThan(5e-6);
}

const sizes = [
  { size: 5, time: 33, inputs: 7, hidden: 67 },
  { size: 1, time: 1, inputs: 3, hidden: 2 },
  { size: 3, time: 1, inputs: 1, hidden: 1 },
  { size: 1, time: 9, inputs: 2, hidden: 5 },
];

describe('unrolledLayer', () => {
  it.each((['lstm', 'gru', 'rnn'] as const).flatMap((cell) => sizes.map((shape) => ({ cell, ...shape }))))(
    'follows the equations in both directions: $cell, $size × $time × $inputs → $hidden',
    (shape) => {
      const { cell, size, time, inputs, hidden } = shape;
      const x = random(size, time, inputs) as tf.Tensor3D;
      const directions = [weights(cell, inputs, hidden), weights(cell, inputs, hidden)];
      const rows = x.reshape<tf.Tensor2D>([size * time, inputs]);
      const result = unrolledLayer(
        { size, time, rows, index: null, lengths: null },
        directions,
        noState,
        options(cell),
      );
      const expected = x.arraySync().map((sequence) => {
        const forward = referenceSequence(cell, sequence, nested(directions[0]!));
        const backward = referenceSequence(cell, sequence.toReversed(), nested(directions[1]!)).toReversed();
        return forward.map((h, t) => [...h, ...backward[t]!]);
      });
      expectClose(result.output!, expected);
      expectClose(
        result.h[0]!,
        expected.map((steps) => [steps.at(-1)!.slice(0, hidden)]),
      );
      expectClose(
        result.h[1]!,
        expected.map((steps) => [steps[0]!.slice(hidden)]),
      );
      expect(result.c?.length).toBe(cell === 'lstm' ? 2 : undefined);
    },
  );

  it.each(['lstm', 'gru', 'rnn'] as const)('reads rows by index like the rows written out: %s', (cell) => {
    const index = tf.tensor2d([0, 1, 1, 2, 0, 3], [2, 3], 'int32');
    const distinct = random(4, 3) as tf.Tensor2D;
    const directions = [weights(cell, 3, 5), weights(cell, 3, 5)];
    const gradient = (rows: tf.Tensor2D, at: tf.Tensor2D | null) =>
      gradients({ size: 2, time: 3, rows, index: at, lengths: null }, directions, cell);
    const [byIndex, writtenOut] = [
      gradient(distinct, index),
      gradient(tf.gatherND(distinct, index.reshape([6, 1])) as tf.Tensor2D, null),
    ];
    expectClose(byIndex.result.output!, writtenOut.result.output!);
    byIndex.weights.forEach((found, n) => {
      expectClose(found, writtenOut.weights[n]!);
    });
    expectClose(byIndex.rows, tf.scatterND(index.reshape([6, 1]), writtenOut.rows, [4, 3]));
  });

  it.each(['lstm', 'gru', 'rnn'] as const)('treats a packed text like the same text alone: %s', (cell) => {
    const lengths = Int32Array.from([2, 4, 1]);
    const x = random(3, 5, 3) as tf.Tensor3D;
    const directions = [weights(cell, 3, 4), weights(cell, 3, 4)];
    const together = gradients(
      { size: 3, time: 5, rows: x.reshape<tf.Tensor2D>([15, 3]), index: null, lengths },
      directions,
      cell,
    );
    const sums = directions.flatMap((direction) => [
      tf.zerosLike(direction.weight_ih),
      tf.zerosLike(direction.weight_hh),
    ]);
    lengths.forEach((length, b) => {
      const rows = x.slice([b, 0, 0], [1, length, 3]).reshape<tf.Tensor2D>([length, 3]);
      const alone = gradients({ size: 1, time: length, rows, index: null, lengths: null }, directions, cell);
      const own = together.result.output!.slice([b, 0, 0], [1, length, 8]);
      expectClose(own, alone.result.output!);
      expect(
        together.result
          .output!.slice([b, length, 0], [1, 5 - length, 8])
          .abs()
          .max()
          .dataSync()[0],
      ).toBe(0);
      together.result.h.forEach((h, d) => {
        expectClose(h.slice([b, 0], [1, 4]), alone.result.h[d]!);
      });
      expectClose(together.rows.slice([b * 5, 0], [length, 3]), alone.rows);
      alone.weights.forEach((gradient, n) => {
        sums[n] = sums[n]!.add(gradient);
      });
    });
    together.weights.forEach((found, n) => {
      expectClose(found, sums[n]!);
    });
  });

  it('goes through a text without tokens unchanged', () => {
    const h = random(2, 4) as tf.Tensor2D;
    const c = random(2, 4) as tf.Tensor2D;
    const input = {
      size: 2,
      time: 3,
      rows: random(6, 3) as tf.Tensor2D,
      index: null,
      lengths: Int32Array.from([0, 3]),
    };
    const result = unrolledLayer(input, [weights('lstm', 3, 4)], { h: [h], c: [c] }, options('lstm'));
    expectClose(result.h[0]!.slice([0, 0], [1, 4]), h.slice([0, 0], [1, 4]));
    expectClose(result.c![0]!.slice([0, 0], [1, 4]), c.slice([0, 0], [1, 4]));
    expectClose(result.output!.slice([0, 0, 0], [1, 3, 4]), tf.zeros([1, 3, 4]));
  });

  it('keeps the last state and no output when no sequence is wanted', () => {
    const input = { size: 2, time: 3, rows: random(6, 3) as tf.Tensor2D, index: null, lengths: null };
    const directions = [weights('gru', 3, 4)];
    const result = unrolledLayer(input, directions, noState, options('gru', false));
    expect(result.output).toBeNull();
    expectClose(result.h[0]!, unrolledLayer(input, directions, noState, options('gru')).h[0]!);
  });
});

/** Gradients of Σ cos(k)·output (the k-th feature) with respect to the rows and to both weights of each direction. */
function gradients(input: LayerInput, directions: readonly DirectionWeights[], cell: Cell) {
  const variables = [input.rows, ...directions.flatMap(({ weight_ih, weight_hh }) => [weight_ih, weight_hh])];
  let result: LayerResult | null = null;
  const [rows, ...rest] = tf.grads((...values: tf.Tensor[]) => {
    const own = directions.map((direction, d) => ({
      ...direction,
      weight_ih: values[1 + 2 * d] as tf.Tensor2D,
      weight_hh: values[2 + 2 * d] as tf.Tensor2D,
    }));
    const made = unrolledLayer({ ...input, rows: values[0] as tf.Tensor2D }, own, noState, options(cell));
    result = { ...made, output: tf.keep(made.output!.clone()), h: made.h.map((h) => tf.keep(h.clone())) };
    const factors = Float32Array.from({ length: made.output!.shape[2] }, (_, k) => Math.cos(k));
    return tf.sum(tf.mul(made.output!, tf.tensor1d(factors)));
  })(variables);
  return { result: result as unknown as LayerResult, rows: rows!, weights: rest };
}
