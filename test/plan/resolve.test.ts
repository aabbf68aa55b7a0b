import { describe, expect, it } from 'vitest';
import { configOf, LANGUAGE_MODEL } from './plan-of.js';

describe('a resolved configuration', () => {
  it('says everything, the defaults of the schema filled in', () => {
    expect(configOf()).toMatchInlineSnapshot(`
      {
        "data": {
          "columns": {
            "label": "label",
            "text": "text",
          },
          "delimiter": "comma",
          "encoding": "utf-8",
          "format": "csv",
          "header": true,
          "labels": null,
          "match": "\\.txt$",
          "max_examples": null,
          "max_tokens": null,
          "sequence": {
            "bucket": false,
            "length": 200,
            "packed": false,
            "pad": "end",
            "partition": "sequential",
            "random_offset": true,
            "truncate": "end",
          },
          "source": {
            "file": "reviews.csv",
          },
          "split": {
            "seed": 0,
            "shuffle": true,
            "test": 0.2,
            "train": 0.8,
            "validation": null,
          },
          "test": null,
          "text": {
            "lines": null,
            "lowercase": false,
            "replace": [],
          },
          "tokens": {
            "language": null,
            "pattern": "[\\p{L}\\p{N}']+",
            "type": "words",
          },
          "train": null,
          "validation": null,
          "vocabulary": {
            "min_count": 1,
            "padding": true,
            "size": null,
            "unknown": "index",
          },
        },
        "engine": {
          "device": "any",
          "name": "auto",
          "variant": null,
        },
        "generate": null,
        "loss": {
          "class_weights": null,
          "gamma": 2,
          "margin": 1,
          "pos_weight": 1,
          "smoothing": 0.1,
          "type": "cross_entropy",
        },
        "metrics": [
          "accuracy",
        ],
        "model": {
          "bias": true,
          "bidirectional": false,
          "cell": "lstm",
          "dropout": 0,
          "embedding": {
            "dim": 8,
            "dropout": 0,
            "freeze": false,
            "pretrained": null,
          },
          "head": {
            "activation": "relu",
            "dropout": 0,
            "hidden": [],
            "outputs": null,
          },
          "hidden": 16,
          "implementation": "fused",
          "init": {
            "bias": "pytorch",
            "embedding": "pytorch",
            "forget_bias": null,
            "head": "pytorch",
            "head_bias": "pytorch",
            "input": "pytorch",
            "recurrent": "pytorch",
          },
          "initial_state": "zeros",
          "layers": 1,
          "nonlinearity": "tanh",
          "pooling": "last",
          "projection": null,
        },
        "optimizer": {
          "alpha": 0.99,
          "betas": [
            0.9,
            0.999,
          ],
          "eps": 1e-8,
          "lr": 0.001,
          "momentum": 0,
          "nesterov": false,
          "schedule": {
            "gamma": 0.1,
            "metric": "validation.loss",
            "min_lr": 0,
            "patience": 10,
            "step_size": 1,
            "type": "constant",
            "warmup_steps": 0,
          },
          "type": "adam",
          "weight_decay": 0,
        },
        "task": "classification",
        "train": {
          "accumulate": 1,
          "batch_size": 64,
          "carry_state": true,
          "clip_norm": null,
          "clip_value": null,
          "drop_last": false,
          "early_stopping": null,
          "epochs": 1,
          "evaluate_every": 1,
          "shuffle": true,
          "timeout": null,
        },
      }
    `);
  });

  it('never holds undefined', () => {
    const undefinedAt = (value: unknown, path: string): readonly string[] => {
      if (value === undefined) return [path];
      if (value === null || typeof value !== 'object') return [];
      return Object.entries(value).flatMap(([key, child]) => undefinedAt(child, `${path}.${key}`));
    };
    expect([...undefinedAt(configOf(), ''), ...undefinedAt(configOf(LANGUAGE_MODEL), '')]).toEqual([]);
  });

  it.each([
    ['adam', 0.001, 1e-8, 0],
    ['adamw', 0.001, 1e-8, 0.01],
    ['rmsprop', 0.01, 1e-8, 0],
    ['adagrad', 0.01, 1e-10, 0],
    ['sgd', 0.001, 1e-8, 0],
  ])("takes PyTorch's defaults for %s", (type, lr, eps, weight_decay) => {
    expect(configOf({ x: `optimizer: { type: ${type} }` }).optimizer).toMatchObject({ type, lr, eps, weight_decay });
  });

  it('keeps what is written over every default', () => {
    expect(configOf({ x: 'optimizer: { type: adamw, lr: 1, eps: 0, weight_decay: 0 }' }).optimizer).toMatchObject({
      lr: 1,
      eps: 0,
      weight_decay: 0,
    });
  });

  it('expands short forms', () => {
    const { loss, engine, data } = configOf({ x: 'loss: focal\nengine: wasm' });
    expect(loss).toMatchObject({ type: 'focal', gamma: 2 });
    expect(engine).toEqual({ name: 'wasm', device: 'any', variant: null });
    expect(data.tokens).toMatchObject({ type: 'words', language: null });
  });

  it('gives one initialiser to every group of parameters, or each its own', () => {
    const model = (init: string) => `model:\n  embedding: { dim: 8 }\n  cell: lstm\n  hidden: 16\n  init: ${init}`;
    const { init } = configOf({ model: model('{ normal: 0.01 }') }).model;
    expect(init).toMatchObject({ embedding: { normal: 0.01 }, head_bias: { normal: 0.01 }, forget_bias: null });
    const groups = configOf({ model: model('{ recurrent: orthogonal, forget_bias: 1 }') }).model.init;
    expect(groups).toMatchObject({ recurrent: 'orthogonal', input: 'pytorch', forget_bias: 1 });
  });

  it('turns durations into seconds', () => {
    expect(configOf({ x: 'train: { timeout: 1.5m }' }).train.timeout).toBe(90);
  });

  it('reserves no padding and measures perplexity for a language model', () => {
    const { data, metrics, train } = configOf(LANGUAGE_MODEL);
    expect([data.vocabulary.padding, metrics, train.carry_state]).toEqual([false, ['perplexity'], true]);
  });

  it('does not carry the state over random windows', () => {
    const data = `${LANGUAGE_MODEL.data}\n  sequence: { partition: random }`;
    expect(configOf({ ...LANGUAGE_MODEL, data }).train.carry_state).toBe(false);
  });
});
