import { beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModelBatch } from '../../src/data/batch.js';
import type { LanguageModelDataset } from '../../src/data/dataset.js';
import { startEngine } from '../../src/engine/start-engine.js';
import { createModel } from '../../src/model/create-model.js';
import type { Model } from '../../src/model/model.js';
import type { TrialConfig } from '../../src/plan/trial-config.js';
import { randomStream } from '../../src/random/stream.js';
import { tf } from '../../src/tf.js';
import { chooseToken, generateTokens } from '../../src/train/generate.js';
import { encodePrefixes, generateTexts } from '../../src/train/generate-texts.js';
import { languageModelTask } from '../../src/train/language-model-task.js';
import { createLoss } from '../../src/train/losses/create-loss.js';
import type { Outcome } from '../../src/train/outcome.js';
import { train } from '../../src/train/train.js';
import { trainLanguageModel } from '../../src/train/train-language-model.js';
import { lossConfig, modelConfig, optimizerConfig, trainConfig } from './configs.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

const VOCABULARY = { tokens: ['a', 'b', 'c', 'd', '<unk>'], padding: null, unknown: 4 };
/** abcdabcd… */
const TEXT = Int32Array.from({ length: 241 }, (_, i) => i % 4);

/** Two rows that go on from window to window; the second row begins in the middle of the text. */
function* windows(time: number): Generator<LanguageModelBatch> {
  for (let start = 0; start + time < 120; start += time) {
    const rows = [start, 120 + start];
    yield {
      size: 2,
      time,
      ids: Int32Array.from(rows.flatMap((row) => [...TEXT.subarray(row, row + time)])),
      targets: Int32Array.from(rows.flatMap((row) => [...TEXT.subarray(row + 1, row + 1 + time)])),
      resets_state: start === 0,
    };
  }
}

function languageModel(): Model {
  return createModel(
    modelConfig({ embedding: 'one_hot', hidden: 16 }),
    { vocabulary: 5, outputs: 5, every_step: true },
    3,
  );
}

function trainOn(model: Model, epochs: number, onEpoch: () => void = () => {}): Promise<Outcome> {
  const pass = () => ({ count: 14, batches: windows(8) });
  return train({
    config: {
      train: trainConfig({ epochs, clip_norm: 1 }),
      optimizer: optimizerConfig({ type: 'adam', lr: 0.03 }),
    },
    model,
    task: languageModelTask({
      model,
      loss: createLoss(lossConfig({}), 5),
      metrics: ['perplexity', 'accuracy'],
      carry_state: true,
      evaluated: ['test'],
      trainingBatches: pass,
      evaluationBatches: pass,
    }),
    context: {
      now: () => 0,
      deadline: null,
      signal: new AbortController().signal,
      emit: ({ type }) => type === 'epoch' && onEpoch(),
    },
    checkpoints: null,
  });
}

describe('a language model', () => {
  it('learns a repeating text down to a perplexity near 1 and goes on with it after a prefix', async () => {
    const model = languageModel();
    const { metrics } = await trainOn(model, 8);
    expect(metrics.test!.perplexity).toBeLessThan(1.1);
    expect(metrics.test!.perplexity).toBeCloseTo(Math.exp(metrics.test!.loss), 10);
    expect(metrics.test!.accuracy).toBeGreaterThan(0.98);

    const config = { prefixes: ['bcd', 'A'], length: 6, temperature: 0, top_k: null };
    const tokens = { type: 'characters', pattern: '', language: null } as const;
    const prefixes = encodePrefixes(
      config.prefixes,
      { tokens, text: { lowercase: true, replace: [], lines: null } },
      VOCABULARY,
    );
    expect(generateTexts({ model, prefixes, config, tokens, vocabulary: VOCABULARY, seed: 0 })).toEqual([
      { prefix: 'bcd', text: 'bcdabcdab' },
      { prefix: 'A', text: 'Abcdabc' },
    ]);
    model.dispose();
  });

  it('carries its state without holding more tensors from epoch to epoch', async () => {
    const before = tf.memory().numTensors;
    const model = languageModel();
    const counts: number[] = [];
    await trainOn(model, 3, () => counts.push(tf.memory().numTensors));
    expect(new Set(counts).size).toBe(1);
    generateTokens({
      model,
      prefix: Int32Array.of(0, 1),
      length: 5,
      temperature: 1,
      top_k: 2,
      stream: randomStream({ seed: 0, purpose: 'generate' }),
    });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives a window the state that the one before it ended with', () => {
    const model = languageModel();
    const task = languageModelTask({
      model,
      loss: createLoss(lossConfig({}), 5),
      metrics: [],
      carry_state: true,
      evaluated: [],
      trainingBatches: () => ({ count: 0, batches: [] }),
      evaluationBatches: () => ({ count: 0, batches: [] }),
    });
    const losses = (time: number): number[] =>
      [...windows(time)]
        .slice(0, 16 / time)
        .map((batch) => tf.tidy(() => task.forward(batch, { training: false, step: 0 }).values.sum().dataSync()[0]!));
    const [whole] = losses(16);
    const halves = losses(8);
    expect(halves[0]! + halves[1]!).toBeCloseTo(whole!, 4);
    task.dispose();
    model.dispose();
  });
});

describe('the next token', () => {
  const logits = Float32Array.of(1, 3, 2, 3);
  const stream = randomStream({ seed: 0, purpose: 'generate' });

  it('is the likeliest at temperature 0, the first of equals', () => {
    expect(chooseToken(logits, { temperature: 0, top_k: null, stream })).toBe(1);
  });

  it('is one of the k likeliest', () => {
    const drawn = Array.from({ length: 200 }, () => chooseToken(logits, { temperature: 5, top_k: 2, stream }));
    expect(new Set(drawn)).toEqual(new Set([1, 3]));
  });

  it('is drawn with the probabilities of the softmax', () => {
    const draws = 4000;
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < draws; n++) counts[chooseToken(logits, { temperature: 1, top_k: null, stream })]!++;
    const sum = [1, 3, 2, 3].reduce((total, logit) => total + Math.exp(logit), 0);
    [1, 3, 2, 3].forEach((logit, token) => {
      expect(counts[token]! / draws).toBeCloseTo(Math.exp(logit) / sum, 1);
    });
  });
});

it('a prefix without a known token is refused where unknown tokens are dropped', () => {
  const tokens = { type: 'words', pattern: '\\p{L}+', language: null } as const;
  expect(() =>
    encodePrefixes(
      ['!?'],
      { tokens, text: { lowercase: false, replace: [], lines: null } },
      { ...VOCABULARY, unknown: null },
    ),
  ).toThrow('generate.prefixes: expected tokens of the vocabulary, found none in "!?"');
});

it.each([
  ['validation', { train: 200, validation: 5 }, 'The validation text has 5 tokens; a window of 10 needs 11'],
  ['test', { train: 200, test: 10 }, 'The test text has 10 tokens; a window of 10 needs 11'],
  ['training', { train: 25, test: 20 }, 'The training text has 25 tokens; 4 windows of 10 need 41'],
] as const)('a %s text without a window is refused before anything is trained', async (_, sizes, message) => {
  const text = (part: keyof typeof sizes | 'validation' | 'test') =>
    part in sizes ? { ids: TEXT.slice(0, (sizes as Record<string, number>)[part]) } : null;
  const model = languageModel();
  const training = trainLanguageModel({
    config: {
      train: trainConfig({ epochs: 6, evaluate_every: 3, batch_size: 4 }),
      data: { sequence: { length: 10, partition: 'sequential', random_offset: false } },
    } as TrialConfig,
    seed: 0,
    dataset: {
      train: text('train'),
      validation: text('validation'),
      test: text('test'),
    } as unknown as LanguageModelDataset,
    model,
    loss: createLoss(lossConfig({}), 5),
    context: null as never,
    checkpoints: null,
  });
  await expect(training).rejects.toThrow(message);
  model.dispose();
});
