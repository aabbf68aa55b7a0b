import { beforeEach, describe, expect, it } from 'vitest';
import { dropout, gatherRows, linear, maxOverTime, meanOverTime, softmaxCrossEntropy } from '../../src/engine/ops.js';
import { type OptimizerHyper, optimizerSteps, squaredNorm } from '../../src/engine/optimizer-step.js';
import { tf } from '../../src/tf.js';
import { noise, relativeError, values } from './compare.js';
import { cpuEngine, engineLabel, fusedEngines, useEngine } from './engines.js';

const engines = await fusedEngines();
const HYPER: OptimizerHyper = {
  type: 'adam',
  lr: 0.01,
  step: 3,
  betas: [0.9, 0.999],
  alpha: 0.99,
  eps: 1e-8,
  momentum: 0,
  nesterov: false,
  weight_decay: 0.1,
  scale: 0.5,
  clip_value: 0.4,
};
const RULES: readonly (Partial<OptimizerHyper> & { readonly slots: number })[] = [
  { type: 'sgd', slots: 0 },
  { type: 'sgd', momentum: 0.9, slots: 1 },
  { type: 'sgd', momentum: 0.9, nesterov: true, slots: 1 },
  { type: 'adam', slots: 2 },
  { type: 'adamw', slots: 2 },
  { type: 'rmsprop', slots: 1 },
  { type: 'rmsprop', momentum: 0.9, slots: 2 },
  { type: 'adagrad', slots: 1 },
];

describe.each(engines.map((engine) => [engineLabel(engine), engine] as const))('on %s', (_label, engine) => {
  beforeEach(() => useEngine(engine));

  /** The same computation here and on tfjs's CPU backend. */
  async function expectSame(compute: () => Record<string, tf.Tensor>): Promise<void> {
    const run = (): Record<string, Float32Array> =>
      Object.fromEntries(Object.entries(tf.tidy(compute)).map(([name, tensor]) => [name, values(tensor)]));
    const actual = run();
    await useEngine(cpuEngine);
    const expected = run();
    for (const [name, value] of Object.entries(expected)) {
      expect(relativeError(actual[name]!, value), name).toBeLessThan(1e-5);
    }
  }

  it('reads values as copies, since memory is used again', () => {
    const a = tf.matMul(tf.ones([2, 2]), tf.ones([2, 2]));
    const kept = a.dataSync();
    a.dispose();
    tf.matMul(tf.zeros([2, 2]), tf.zeros([2, 2])).dataSync();
    expect([...kept]).toEqual([2, 2, 2, 2]);
  });

  it('keeps a slice right after the tensor it was cut from is gone', () => {
    const whole = tf.matMul(tf.ones([4, 4]), tf.ones([4, 4]));
    const part = tf.slice(whole, [1, 0], [2, 4]);
    const pieces = tf.unstack(whole);
    whole.dispose();
    tf.matMul(tf.zeros([4, 4]), tf.zeros([4, 4]));
    expect([...part.dataSync()]).toEqual(new Array(8).fill(4));
    expect([...pieces[3]!.dataSync()]).toEqual(new Array(4).fill(4));
  });

  it('multiplies matrices as tfjs does, transposed and in batches', () =>
    expectSame(() => {
      const a = noise([3, 5, 7], 'a');
      const b = noise([3, 7, 2], 'b');
      return {
        plain: tf.matMul(a, b),
        transposed: tf.matMul(tf.transpose(a, [0, 2, 1]), tf.transpose(b, [0, 2, 1]), true, true),
        broadcast: tf.matMul(a, noise([1, 7, 4], 'c')),
        single: tf.matMul(noise([1, 9], 'd') as tf.Tensor2D, noise([9, 1], 'e') as tf.Tensor2D),
      };
    }));

  it.each(['add', 'sub', 'mul'] as const)(
    'computes tf.%s of equal, repeated, broadcast and integer operands to the bits of tfjs',
    async (name) => {
      const compute = (): number[][] => {
        const whole = noise([4, 3, 5], 'whole');
        const operands: [tf.Tensor, tf.Tensor][] = [
          [whole, noise([4, 3, 5], 'other')],
          [whole, noise([5], 'row')],
          [noise([3, 5], 'rows'), whole],
          [tf.scalar(1), whole],
          [whole, noise([4, 1, 5], 'broadcast')],
          [tf.tensor1d([1, 2, 3], 'int32'), tf.tensor1d([5, 7, 11], 'int32')],
          [tf.zeros([0, 5]), noise([5], 'row')],
        ];
        return operands.map(([a, b]) => [...tf[name](a, b).dataSync()]);
      };
      const actual = compute();
      await useEngine(cpuEngine);
      expect(actual).toEqual(compute());
    },
  );

  // TensorFlow has approximations of its own.
  it.skipIf(engine.name === 'tensorflow').each(['sigmoid', 'tanh'] as const)(
    'computes tf.%s to the bits of tfjs',
    async (name) => {
      const compute = (): number[][] => [
        [...tf[name](tf.mul(noise([40, 3], 'x'), 20)).dataSync()],
        [...tf[name](tf.zeros([0])).dataSync()],
      ];
      const actual = compute();
      await useEngine(cpuEngine);
      expect(actual).toEqual(compute());
    },
  );

  it('gives linear layers, pooling and cross-entropy the gradients of the composed ones', () =>
    expectSame(() => {
      const x = noise([5, 9, 6], 'x');
      const weight = noise([3, 6], 'w');
      const bias = noise([3], 'b');
      const lengths = Int32Array.of(9, 1, 4, 8, 2);
      const labels = Int32Array.of(0, 1, 2, 2, 1);
      const options = { class_weights: [1, 2, 0.5], smoothing: 0.1 };
      const [dx, dWeight, dBias] = tf.grads((x, weight, bias) => {
        const pooled = [null, lengths].flatMap((own) => [
          maxOverTime(x as tf.Tensor3D, own),
          meanOverTime(x as tf.Tensor3D, own),
        ]);
        const losses = pooled.map((features) => {
          const logits = linear(features, weight as tf.Tensor2D, bias as tf.Tensor1D);
          return softmaxCrossEntropy(logits as tf.Tensor2D, labels, options);
        });
        return tf.sum(tf.mul(tf.addN(losses), noise([5], 'dy')));
      })([x, weight, bias]);
      return { dx: dx!, dWeight: dWeight!, dBias: dBias!, y: linear(x, weight as tf.Tensor2D, null) };
    }));

  it.each(['relu', 'tanh', 'sigmoid'] as const)(
    'follows a linear layer with %s, and takes its gradient',
    (activation) =>
      expectSame(() => {
        const operands = [noise([5, 6], 'x'), noise([3, 6], 'w'), noise([3], 'b')] as const;
        const layer = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
          linear(x, weight as tf.Tensor2D, bias as tf.Tensor1D, activation);
        const [dx, dWeight, dBias] = tf.grads((x, weight, bias) =>
          tf.sum(tf.mul(layer(x!, weight!, bias!), noise([5, 3], 'dy'))),
        )([...operands]);
        return { dx: dx!, dWeight: dWeight!, dBias: dBias!, y: layer(...operands) };
      }),
  );

  it('gives a cross entropy the same gradient, bit by bit, whether or not the other samples weigh as much', () => {
    const labels = Int32Array.of(2, 0, 1, 2, 0);
    const gradient = (dy: number[]): Float32Array => {
      const loss = (x: tf.Tensor): tf.Tensor =>
        softmaxCrossEntropy(x as tf.Tensor2D, labels, { class_weights: null, smoothing: 0 });
      return values(tf.grad(loss)(noise([5, 3], 'logits'), tf.tensor1d(dy)));
    };
    const alike = gradient([0.3, 0.3, 0.3, 0.3, 0.3]);
    const unlike = gradient([0.3, 0.3, 0.3, 0.3, 0.7]);
    expect([...alike.subarray(0, 12)]).toEqual([...unlike.subarray(0, 12)]);
    expect([...alike.subarray(12)]).not.toEqual([...unlike.subarray(12)]);
  });

  it('draws the dropout mask of the stream', () =>
    expectSame(() => ({
      dropped: dropout(tf.ones([37, 5]), 0.3, { seed: 5, purpose: 'dropout:test', index: 2 }),
    })));

  it('keeps the gradient of gathered rows right whether it is read sparse or dense', () => {
    const ids = Int32Array.of(0, 4, 49);
    const dy = noise([3, 3], 'dy');
    const gradient = tf.grad((x) => tf.sum(tf.mul(gatherRows(x as tf.Tensor2D, ids), dy)))(noise([50, 3], 'table'));
    const dense = new Float32Array(150);
    ids.forEach((id, n) => {
      dense.set(values(dy).subarray(n * 3, n * 3 + 3), id * 3);
    });
    const norm = dense.reduce((sum, g) => sum + g * g, 0);
    expect(squaredNorm([gradient])).toBeCloseTo(norm, 4);
    expect([...gradient.dataSync()]).toEqual([...dense]);
    expect(squaredNorm([gradient])).toBeCloseTo(norm, 4);
  });

  it('adds up the squares of all gradients and leaves no tensor behind', () => {
    const gradients = [noise([4, 3], 'a'), noise([7], 'b')];
    const before = tf.memory().numTensors;
    const norm = squaredNorm(gradients);
    expect(tf.memory().numTensors).toBe(before);
    const squares = gradients.flatMap((gradient) => [...values(gradient)]).map((g) => g * g);
    expect(norm).toBeCloseTo(
      squares.reduce((sum, g) => sum + g, 0),
      4,
    );
  });

  it('refuses to gather rows out of order, or one twice', () => {
    for (const ids of [Int32Array.of(4, 2), Int32Array.of(4, 4)])
      expect(() => gatherRows(noise([5, 3], 'table') as tf.Tensor2D, ids)).toThrow('ascending');
  });

  it.each(RULES.map((rule) => [JSON.stringify(rule), rule] as const))(
    'updates as the plain reference does, from dense and from sparse gradients alike: %s',
    async (_name, { slots: slotCount, ...rule }) => {
      const step = (sparse: boolean): Float32Array[] => {
        const table = noise([23, 5], 'parameter');
        const parameter = tf.variable(noise([23, 5], 'parameter'));
        const slots = Array.from({ length: slotCount }, (_, n) => tf.variable(tf.abs(noise([23, 5], `slot ${n}`))));
        const ids = Int32Array.of(2, 7, 22);
        const rows = noise([3, 5], 'rows');
        const gradient = sparse
          ? tf.grad((x) => tf.sum(tf.mul(gatherRows(x as tf.Tensor2D, ids), rows)))(table)
          : tf.scatterND(tf.tensor2d(ids, [3, 1], 'int32'), rows, [23, 5]);
        optimizerSteps([{ parameter, gradient, slots }], { ...HYPER, ...rule });
        return [parameter, ...slots].map((variable) => values(variable));
      };
      const dense = step(false);
      const sparse = step(true);
      await useEngine(cpuEngine);
      const expected = step(false);
      expected.forEach((value, n) => {
        expect(relativeError(dense[n]!, value)).toBeLessThan(1e-5);
        expect(relativeError(sparse[n]!, value)).toBeLessThan(1e-5);
      });
    },
  );
});
