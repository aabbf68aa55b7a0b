import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../../src/model/create-model.js';
import type { ForwardResult, Model, ModelInput, ModelSizes } from '../../src/model/model.js';
import type { ModelConfig } from '../../src/plan/trial-config.js';
import { tf } from '../../src/tf.js';
import { modelConfig } from './example-config.js';

beforeAll(() => tf.setBackend('cpu'));

const SIZES: ModelSizes = { vocabulary: 10, outputs: 2, every_step: false };
const BATCH: ModelInput = {
  size: 3,
  time: 4,
  ids: Int32Array.from([1, 2, 3, 9, 4, 4, 0, 0, 5, 0, 0, 0]),
  lengths: null,
};
const PACKED: ModelInput = { ...BATCH, lengths: Int32Array.from([4, 2, 1]) };
const EVALUATION = { training: false, step: 0, state: null };
const TRAINING = { training: true, step: 0, state: null };

const models: Model[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});

function build(changes: Partial<ModelConfig> = {}, sizes: Partial<ModelSizes> = {}, seed = 1): Model {
  const model = createModel(modelConfig(changes), { ...SIZES, ...sizes }, seed);
  models.push(model);
  return model;
}

function logits(model: Model, input = BATCH, context: Parameters<Model['forward']>[1] = EVALUATION): number[][] {
  return tf.tidy(() => ({ values: model.forward(input, context).logits.arraySync() as number[][] })).values;
}

function loss(model: Model, input: ModelInput, context = TRAINING): tf.Scalar {
  return tf.sum(tf.square(model.forward(input, context).logits));
}

/** A head that is the identity: its logits are the pooled features themselves. */
function pooled(changes: Partial<ModelConfig>, input: ModelInput, features: number): number[][] {
  const model = build(changes, { outputs: features });
  model.parameters.get('fcs.0.weight')!.assign(tf.eye(features));
  model.parameters.get('fcs.0.bias')!.assign(tf.zeros([features]));
  return logits(model, input);
}

/** [B, T, D·H]: the outputs at every step, by the same weights. */
function everyStep(changes: Partial<ModelConfig>, input: ModelInput, features: number): number[][][] {
  const model = build(changes, { outputs: features, every_step: true });
  model.parameters.get('fcs.0.weight')!.assign(tf.eye(features));
  model.parameters.get('fcs.0.bias')!.assign(tf.zeros([features]));
  return logits(model, input) as unknown as number[][][];
}

function expectClose(found: readonly number[][], expected: readonly number[][], digits = 6) {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  found.forEach((row, b) => {
    row.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[b]![k]!, digits);
    });
  });
}

describe('createModel', () => {
  it('names its parameters as PyTorch’s state_dict, in its order', () => {
    const model = build({
      layers: 2,
      bidirectional: true,
      projection: 2,
      pooling: 'attention',
      head: { hidden: [5], activation: 'relu', dropout: 0, outputs: null },
    });
    const layer = (suffix: string) =>
      ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'].map((name) => `rnn.${name}_${suffix}`);
    expect([...model.parameters.keys()]).toEqual([
      'embedding.weight',
      ...layer('l0'),
      ...layer('l0_reverse'),
      ...layer('l1'),
      ...layer('l1_reverse'),
      'attention.weight',
      'fcs.0.weight',
      'fcs.0.bias',
      'fcs.1.weight',
      'fcs.1.bias',
    ]);
    expect(model.parameters.get('rnn.weight_ih_l1')!.shape).toEqual([16, 4]);
    expect(model.parameters.get('rnn.weight_hr_l1')!.shape).toEqual([2, 4]);
    expect(logits(model).length).toBe(3);
  });

  it.each(['lstm', 'gru', 'rnn'] as const)(
    'trains every parameter of a deep %s and leaves no tensor behind',
    (cell) => {
      const model = build({
        cell,
        layers: 2,
        bidirectional: true,
        dropout: 0.2,
        pooling: 'attention',
        initial_state: 'normal',
        embedding: { dim: 3, pretrained: null, freeze: false, dropout: 0.3 },
        head: { hidden: [5], activation: 'gelu', dropout: 0.1, outputs: null },
      });
      const step = (n: number) => {
        const { value, grads } = tf.variableGrads(() => loss(model, PACKED, { training: true, step: n, state: null }));
        for (const variable of model.trainable.values()) {
          expect(grads[variable.name]!.shape).toEqual(variable.shape);
          expect(grads[variable.name]!.abs().sum().dataSync()[0]).toBeGreaterThan(0);
        }
        value.dispose();
        tf.dispose(grads);
      };
      tf.tidy(() => step(0));
      const before = tf.memory().numTensors;
      for (let n = 1; n < 4; n++) tf.tidy(() => step(n));
      tf.tidy(() => logits(model));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('frees everything on dispose and lets several models live at once', () => {
    const before = tf.memory().numTensors;
    const [a, b] = [createModel(modelConfig(), SIZES, 1), createModel(modelConfig(), SIZES, 1)];
    expect(logits(a)).toEqual(logits(b));
    a.dispose();
    b.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('pools the outputs at every step as the words say, with and without packing', () => {
    for (const input of [BATCH, PACKED]) {
      for (const bidirectional of [false, true]) {
        const features = bidirectional ? 8 : 4;
        const steps = everyStep({ bidirectional }, input, features);
        const own = steps.map((sequence, b) => sequence.slice(0, input.lengths?.[b] ?? 4));
        const over = (fold: (values: number[]) => number) =>
          own.map((sequence) => sequence[0]!.map((_, k) => fold(sequence.map((h) => h[k]!))));
        const pool = (pooling: ModelConfig['pooling']) => pooled({ bidirectional, pooling }, input, features);
        expectClose(
          pool('last'),
          own.map((sequence) => sequence.at(-1)!),
        );
        expectClose(
          pool('hidden'),
          own.map((sequence) => [...sequence.at(-1)!.slice(0, 4), ...sequence[0]!.slice(4)]),
        );
        expectClose(
          pool('max'),
          over((values) => Math.max(...values)),
        );
        expectClose(
          pool('mean'),
          over((values) => values.reduce((a, b) => a + b) / values.length),
        );
        expectClose(pool('attention'), attention(own, bidirectional));
      }
    }
  });

  function attention(own: number[][][], bidirectional: boolean): number[][] {
    const model = build({ bidirectional, pooling: 'attention' });
    const v = model.parameters.get('attention.weight')!.dataSync();
    return own.map((sequence) => {
      const scores = sequence.map((h) => Math.exp(h.reduce((sum, value, k) => sum + value * v[k]!, 0)));
      const total = scores.reduce((a, b) => a + b);
      return sequence[0]!.map((_, k) => sequence.reduce((sum, h, t) => sum + (scores[t]! / total) * h[k]!, 0));
    });
  }

  it.each(['last', 'hidden', 'max', 'mean', 'attention'] as const)(
    'pools a text without tokens to zeros: %s',
    (pooling) => {
      const [, second] = pooled({ pooling, bidirectional: true }, { ...BATCH, lengths: Int32Array.from([4, 0, 1]) }, 8);
      expect(second!.map(Math.abs)).toEqual(new Array(8).fill(0));
    },
  );

  it('reads one-hot tokens as columns of the weights, however large the vocabulary', () => {
    const small = build({ embedding: 'one_hot', bidirectional: true, pooling: 'max' });
    const large = build({ embedding: 'one_hot', bidirectional: true, pooling: 'max' }, { vocabulary: 2000 });
    for (const [name, value] of small.parameters) {
      const variable = large.parameters.get(name)!;
      variable.assign(
        name.startsWith('rnn.weight_ih')
          ? value.pad([
              [0, 0],
              [0, 1990],
            ])
          : value,
      );
    }
    expectClose(logits(large), logits(small));
    const gradient = (model: Model) =>
      tf.variableGrads(() => loss(model, BATCH)).grads[model.parameters.get('rnn.weight_ih_l0_reverse')!.name]!;
    const [wide, narrow] = [gradient(large) as tf.Tensor2D, gradient(small) as tf.Tensor2D];
    expect(wide.shape).toEqual([16, 2000]);
    expectClose(wide.slice([0, 0], [16, 10]).arraySync(), narrow.arraySync());
    expect(wide.slice([0, 10], [16, 1990]).abs().max().dataSync()[0]).toBe(0);
  });

  it('answers at every step and carries the state from window to window', () => {
    const model = build({ embedding: 'one_hot', layers: 2 }, { outputs: 10, every_step: true });
    const window = (from: number, to: number): ModelInput => ({
      size: 3,
      time: to - from,
      ids: Int32Array.from([0, 1, 2].flatMap((b) => [...BATCH.ids.slice(b * 4 + from, b * 4 + to)])),
      lengths: null,
    });
    const whole = tf.tidy(() => model.forward(BATCH, EVALUATION).logits) as tf.Tensor3D;
    expect(whole.shape).toEqual([3, 4, 10]);
    const first: ForwardResult = model.forward(window(0, 3), EVALUATION);
    const second = model.forward(window(3, 4), { ...EVALUATION, state: first.state }).logits as tf.Tensor3D;
    expectClose(
      second.squeeze<tf.Tensor2D>([1]).arraySync(),
      whole.slice([0, 3, 0], [3, 1, 10]).squeeze<tf.Tensor2D>([1]).arraySync(),
    );
  });

  it('drops only in training, alike for the same seed and step', () => {
    const model = build({
      layers: 2,
      dropout: 0.5,
      embedding: { dim: 3, pretrained: null, freeze: false, dropout: 0.5 },
      head: { hidden: [], activation: 'relu', dropout: 0.5, outputs: null },
    });
    const training = (step: number) => logits(model, BATCH, { training: true, step, state: null });
    expect(training(1)).toEqual(training(1));
    expect(training(1)).not.toEqual(training(2));
    expect(training(1)).not.toEqual(logits(model));
    expect(logits(model)).toEqual(logits(model, BATCH, { ...EVALUATION, step: 7 }));
    expectClose(logits(model), logits(build({ layers: 2 })));
  });

  it('drops embedding values position by position, so that equal tokens differ', () => {
    const embedding = { dim: 3, pretrained: null, freeze: false, dropout: 0.5 };
    const model = build({ embedding, cell: 'rnn', pooling: 'last' });
    const same: ModelInput = { size: 8, time: 1, ids: new Int32Array(8).fill(4), lengths: null };
    const rows = logits(model, same, TRAINING).map(String);
    expect(new Set(rows).size).toBeGreaterThan(2);
    expect(new Set(logits(model, same).map(String)).size).toBe(1);
  });

  it('draws normal initial states anew for every batch, per layer and direction', () => {
    const model = build({ initial_state: 'normal', bidirectional: true, layers: 2, pooling: 'hidden' });
    const at = (step: number) => logits(model, BATCH, { ...EVALUATION, step });
    expect(at(3)).toEqual(at(3));
    expect(at(3)).not.toEqual(at(4));
    expect(at(3)).not.toEqual(logits(build({ bidirectional: true, layers: 2, pooling: 'hidden' })));
  });

  it('keeps a frozen embedding out of training, and starts from pretrained rows where there are some', () => {
    const table = Float32Array.from({ length: 30 }, (_, n) => n);
    const found = new Uint8Array(10).fill(1, 2, 4);
    const config = modelConfig({ embedding: { dim: 3, pretrained: null, freeze: true, dropout: 0 } });
    const model = createModel(config, SIZES, 1, { table, found });
    models.push(model);
    const drawn = build().parameters.get('embedding.weight')!.arraySync() as number[][];
    const rows = model.parameters.get('embedding.weight')!.arraySync() as number[][];
    expect(rows).toEqual(drawn.map((row, n) => (found[n] === 1 ? [3 * n, 3 * n + 1, 3 * n + 2] : row)));
    expect(model.trainable.has('embedding.weight')).toBe(false);
    const { grads } = tf.variableGrads(() => loss(model, BATCH), [...model.trainable.values()]);
    expect(Object.keys(grads).length).toBe(6);
  });

  it('starts alike for one seed where shapes agree, and otherwise for another', () => {
    const weights = (model: Model, name: string) => [...model.parameters.get(name)!.dataSync()];
    const name = 'rnn.weight_hh_l0';
    expect(weights(build({ pooling: 'max', layers: 2 }), name)).toEqual(weights(build(), name));
    expect(weights(build({}, {}, 2), name)).not.toEqual(weights(build(), name));
  });

  it('has an activation between linear layers only', () => {
    const head = { hidden: [2], dropout: 0, outputs: null };
    const outputs = (activation: 'relu' | 'tanh' | 'sigmoid' | 'gelu' | 'none') => {
      const model = build({ head: { ...head, activation } });
      model.parameters.get('fcs.0.weight')!.assign(tf.zeros([2, 4]));
      model.parameters.get('fcs.0.bias')!.assign(tf.tensor1d([-1, 2]));
      model.parameters.get('fcs.1.weight')!.assign(tf.eye(2).neg());
      model.parameters.get('fcs.1.bias')!.assign(tf.zeros([2]));
      return [logits(model)[0]!.map((value) => 0 - value)];
    };
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    expectClose(outputs('relu'), [[0, 2]]);
    expectClose(outputs('tanh'), [[Math.tanh(-1), Math.tanh(2)]]);
    expectClose(outputs('sigmoid'), [[sigmoid(-1), sigmoid(2)]]);
    expectClose(outputs('gelu'), [[-0.15865525, 1.95449974]]);
    expectClose(outputs('none'), [[-1, 2]]);
  });

  it('refuses what cannot be: a token outside the vocabulary, vectors of another size', () => {
    const model = build();
    expect(() => logits(model, { ...BATCH, ids: BATCH.ids.map((id) => id + 1) })).toThrow(
      'expected token indices from 0 to 9, found 10',
    );
    const pretrained = { table: new Float32Array(20), found: new Uint8Array(10) };
    expect(() => createModel(modelConfig(), SIZES, 1, pretrained)).toThrow(
      'expected pretrained vectors for 10 tokens of dimension 3, found 10 tokens and 20 numbers',
    );
  });
});
