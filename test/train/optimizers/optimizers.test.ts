import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/start-engine.js';
import type { OptimizerConfig } from '../../../src/plan/trial-config.js';
import { tf } from '../../../src/tf.js';
import { createOptimizer } from '../../../src/train/optimizers/create-optimizer.js';
import { createUpdater, gradientNorm } from '../../../src/train/updater.js';
import { copyWeights } from '../../../src/train/weights.js';
import { optimizerConfig } from '../configs.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

const START = [0.5, -1, 2];

/** The gradient of step s, from 0, of the PyTorch run below. */
const gradientOf = (s: number): number[] => [0.1 * (s + 1), -0.3 + 0.2 * s, 0.05 * s * s - 0.1];

// Expected numbers: torch 2.13, torch.optim's optimiser of that name, five steps from START with gradientOf(0 … 4).
const CASES: readonly (readonly [string, Partial<OptimizerConfig>, readonly number[]])[] = [
  ['SGD with weight decay', { type: 'sgd', lr: 0.1, weight_decay: 0.01 }, [0.347704828, -1.04510975, 1.89001977]],
  ['SGD with momentum', { type: 'sgd', lr: 0.1, momentum: 0.9 }, [0.182969004, -0.976856947, 1.89454591]],
  [
    'SGD with Nesterov momentum',
    { type: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01 },
    [0.0574934483, -1.0134263, 1.77135491],
  ],
  ['Adam', { type: 'adam', lr: 0.1, weight_decay: 0.01 }, [0.0138269514, -0.816536963, 2.04554152]],
  [
    'AdamW',
    { type: 'adamw', lr: 0.1, weight_decay: 0.01, betas: [0.8, 0.95] },
    [0.00281730294, -0.85847795, 2.04529691],
  ],
  ['RMSprop', { type: 'rmsprop', lr: 0.01, weight_decay: 0.01 }, [0.0906931683, -1.03336775, 1.87157369]],
  [
    'RMSprop with momentum',
    { type: 'rmsprop', lr: 0.01, alpha: 0.9, momentum: 0.9 },
    [0.134373084, -0.930924535, 2.03590274],
  ],
  ['Adagrad', { type: 'adagrad', lr: 0.1, weight_decay: 0.01, eps: 1e-10 }, [0.091519095, -1.03232646, 1.87190557]],
];

describe('optimisers agree with PyTorch', () => {
  it.each(CASES)('%s', (_, config, expected) => {
    const parameter = tf.variable(tf.tensor1d(START));
    const optimizer = createOptimizer(optimizerConfig(config), new Map([['w', parameter]]));
    for (let s = 0; s < 5; s++) step(optimizer, s, config.lr!);
    expectClose(parameter.dataSync(), expected);
  });

  it.each(CASES)('%s goes on from its saved state as if it had not stopped', (_, config, expected) => {
    const parameter = tf.variable(tf.tensor1d(START));
    const first = createOptimizer(optimizerConfig(config), new Map([['w', parameter]]));
    for (let s = 0; s < 2; s++) step(first, s, config.lr!);
    const saved = copyWeights(first.state().slots);
    first.dispose();
    const second = createOptimizer(optimizerConfig(config), new Map([['w', parameter]]));
    second.load(2, saved);
    for (let s = 2; s < 5; s++) step(second, s, config.lr!);
    expectClose(parameter.dataSync(), expected);
  });

  it('refuses the state of another parameter', () => {
    const optimizer = createOptimizer(optimizerConfig({}), new Map([['w', tf.variable(tf.tensor1d(START))]]));
    expect(() => optimizer.load(1, new Map())).toThrow('checkpoint: expected 3 numbers for w.exp_avg, found none');
  });
});

describe('updates', () => {
  const gradients = (...values: number[]): Map<string, tf.Tensor> => new Map([['w', tf.tensor1d(values)]]);
  const setUp = (config: { accumulate?: number; clip_norm?: number; clip_value?: number }) => {
    const parameter = tf.variable(tf.tensor1d([0, 0]));
    const optimizer = createOptimizer(optimizerConfig({ type: 'sgd' }), new Map([['w', parameter]]));
    const updater = createUpdater(
      {
        accumulate: config.accumulate ?? 1,
        clip_norm: config.clip_norm ?? null,
        clip_value: config.clip_value ?? null,
      },
      optimizer,
    );
    return { parameter, updater };
  };

  it('scale gradients to the norm only where they exceed it', () => {
    const { parameter, updater } = setUp({ clip_norm: 5 });
    updater.add(gradients(3, 4), 1);
    expectClose(parameter.dataSync(), [-3, -4]);
    updater.add(gradients(30, 40), 1);
    expectClose(parameter.dataSync(), [-6, -8]);
  });

  it('limit every element to the clip value', () => {
    const { parameter, updater } = setUp({ clip_value: 0.5 });
    updater.add(gradients(3, -0.25), 1);
    expectClose(parameter.dataSync(), [-0.5, 0.25]);
  });

  it('average accumulated gradients, and the last few over what there are, before clipping', () => {
    const { parameter, updater } = setUp({ accumulate: 3, clip_norm: 10 });
    expect(updater.add(gradients(3, 0), 1)).toBe(false);
    expect(updater.add(gradients(0, 6), 1)).toBe(false);
    expect(parameter.dataSync()[0]).toBeCloseTo(0);
    expect(updater.add(gradients(0, 0), 1)).toBe(true);
    expectClose(parameter.dataSync(), [-1, -2]);
    updater.add(gradients(4, 0), 1);
    updater.add(gradients(0, 8), 1);
    expect(updater.flush(1)).toBe(true);
    expectClose(parameter.dataSync(), [-3, -6]);
    expect(updater.flush(1)).toBe(false);
  });

  it('leave no tensors behind', () => {
    const { updater } = setUp({ accumulate: 2 });
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) updater.add(gradients(1, 1), 1);
    updater.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('measure the norm over all parameters together', () => {
    expect(
      gradientNorm(
        new Map([
          ['a', tf.tensor1d([2, 3])],
          ['b', tf.tensor1d([6])],
        ]),
      ),
    ).toBeCloseTo(7);
  });
});

function step(optimizer: ReturnType<typeof createOptimizer>, s: number, lr: number): void {
  optimizer.apply(new Map([['w', tf.tensor1d(gradientOf(s))]]), { lr, scale: 1, clip_value: null });
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, 5);
  });
}
