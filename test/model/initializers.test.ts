import { describe, expect, it } from 'vitest';
import { initialTensor } from '../../src/model/initializers.js';
import type { ParameterSpec } from '../../src/model/parameters.js';
import { parameterSpecs } from '../../src/model/parameters.js';
import type { InitConfig, Initializer, ModelConfig } from '../../src/plan/trial-config.js';
import { initConfig, modelConfig } from './example-config.js';

const HIDDEN = 64;
const DIM = 40;

function values(name: string, init: Initializer | InitConfig, changes: Partial<ModelConfig> = {}, seed = 1) {
  const config = modelConfig({
    embedding: { dim: DIM, pretrained: null, freeze: false, dropout: 0 },
    hidden: HIDDEN,
    init: typeof init === 'object' && 'input' in init ? init : initConfig(init as Initializer),
    ...changes,
  });
  const specs = parameterSpecs(config, { vocabulary: 500, outputs: 50, every_step: false });
  const spec = specs.find((spec) => spec.name === name) as ParameterSpec;
  return initialTensor(spec, config, seed).dataSync() as Float32Array;
}

function statistics(data: Float32Array) {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
  return { mean, std: Math.sqrt(variance), largest: data.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

function expectUniform(data: Float32Array, bound: number) {
  const { mean, std, largest } = statistics(data);
  expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
  expect(largest).toBeGreaterThan(0.9 * bound);
  expect(Math.abs(std * Math.sqrt(3) - bound)).toBeLessThan(0.1 * bound);
  expect(Math.abs(mean)).toBeLessThan(0.2 * bound);
}

function expectNormal(data: Float32Array, deviation: number) {
  const { mean, std, largest } = statistics(data);
  expect(Math.abs(std - deviation)).toBeLessThan(0.05 * deviation);
  expect(Math.abs(mean)).toBeLessThan(0.05 * deviation);
  expect(largest).toBeGreaterThan(2.5 * deviation);
}

describe('initialTensor', () => {
  it('starts as PyTorch by default: N(0, 1), U(±1/√H), U(±1/√in)', () => {
    expectNormal(values('embedding.weight', 'pytorch'), 1);
    expectUniform(values('rnn.weight_ih_l0', 'pytorch'), 1 / 8);
    expectUniform(values('rnn.weight_hh_l0', 'pytorch'), 1 / 8);
    expectUniform(values('rnn.bias_hh_l0', 'pytorch'), 1 / 8);
    const head = { hidden: [], activation: 'relu', dropout: 0, outputs: null } as const;
    expectUniform(values('fcs.0.weight', 'pytorch', { bidirectional: true, head }), 1 / Math.sqrt(128));
    expectUniform(values('fcs.0.bias', 'pytorch', { bidirectional: true, head }), 1 / Math.sqrt(128));
  });

  it('draws torch.nn.init’s distributions on the matrices as PyTorch stores them', () => {
    expectUniform(values('rnn.weight_ih_l0', 'xavier_uniform'), Math.sqrt(6 / (4 * HIDDEN + DIM)));
    expectNormal(values('rnn.weight_ih_l0', 'xavier_normal'), Math.sqrt(2 / (4 * HIDDEN + DIM)));
    expectUniform(values('rnn.weight_ih_l0', 'kaiming_uniform'), Math.sqrt(6 / DIM));
    expectNormal(values('rnn.weight_ih_l0', 'kaiming_normal'), Math.sqrt(2 / DIM));
  });

  it('takes a number, or the number that a course would take', () => {
    expectUniform(values('rnn.weight_ih_l0', { uniform: 0.3 }), 0.3);
    expectUniform(values('rnn.weight_ih_l0', 'uniform'), 1 / 8);
    expectNormal(values('rnn.weight_ih_l0', { normal: 2 }), 2);
    expectNormal(values('rnn.weight_ih_l0', 'normal'), 0.01);
    expect(new Set(values('rnn.weight_ih_l0', { constant: 0.25 }))).toEqual(new Set([0.25]));
    expect(new Set(values('rnn.weight_ih_l0', 'zeros'))).toEqual(new Set([0]));
  });

  it('makes every gate’s block of rows orthogonal', () => {
    const data = values('rnn.weight_hh_l0', 'orthogonal');
    for (let gate = 0; gate < 4; gate++) {
      const row = (n: number) => data.subarray((gate * HIDDEN + n) * HIDDEN, (gate * HIDDEN + n + 1) * HIDDEN);
      for (let a = 0; a < HIDDEN; a++) {
        for (let b = 0; b <= a; b++) {
          const product = row(a).reduce((sum, value, k) => sum + value * row(b)[k]!, 0);
          expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('gives a tall block orthonormal columns', () => {
    const data = values('rnn.weight_ih_l0', 'orthogonal').subarray(0, HIDDEN * DIM);
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [7, 39],
    ] as const) {
      let product = 0;
      for (let row = 0; row < HIDDEN; row++) product += data[row * DIM + a]! * data[row * DIM + b]!;
      expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
    }
  });

  it('starts biases at zero where an initialiser needs a matrix', () => {
    for (const init of ['xavier_uniform', 'kaiming_normal', 'orthogonal'] as const) {
      expect(new Set(values('rnn.bias_ih_l0', init))).toEqual(new Set([0]));
      expect(new Set(values('fcs.0.bias', init))).toEqual(new Set([0]));
    }
  });

  it('sets the sum of both forget biases', () => {
    const init = initConfig('pytorch', { forget_bias: 1 });
    const forget = (name: string) => new Set(values(name, init).subarray(HIDDEN, 2 * HIDDEN));
    expect(forget('rnn.bias_ih_l0')).toEqual(new Set([1]));
    expect(forget('rnn.bias_hh_l0')).toEqual(new Set([0]));
    expectUniform(values('rnn.bias_ih_l0', init).subarray(0, HIDDEN), 1 / 8);
  });

  it('draws the same values for the same seed, name and shape, whatever else the model has', () => {
    const base = values('rnn.weight_hh_l0', 'pytorch');
    expect(values('rnn.weight_hh_l0', 'pytorch', { layers: 3, pooling: 'max' })).toEqual(base);
    expect(values('rnn.weight_hh_l0', 'pytorch', {}, 2)).not.toEqual(base);
    expect(values('rnn.weight_hh_l1', 'pytorch', { layers: 2 })).not.toEqual(base);
  });
});
