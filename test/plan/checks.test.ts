import { describe, expect, it } from 'vitest';
import { codesOf, diagnosticsOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { LANGUAGE_MODEL } from './plan-of.js';

const model = (rest: string) => `model:\n  embedding: { dim: 8 }\n  cell: lstm\n  hidden: 16\n  ${rest}`;
const data = (rest: string) => `data:\n  source: { file: reviews }\n  ${rest}`;
const folders = (rest: string) => data(`format: folders\n  train: { neg: a, pos: b }\n  ${rest}`);

describe('what a schema cannot say', () => {
  it.each<[string, { readonly [section: string]: string }, readonly string[]]>([
    [
      'a projection of another cell',
      { model: 'model: { cell: gru, hidden: 8, projection: 4 }' },
      ['NO_EFFECT model.projection'],
    ],
    ['a projection that is not smaller', { model: model('projection: 16') }, ['PROJECTION model.projection']],
    ['Nesterov without momentum', { x: 'optimizer: { type: sgd, nesterov: true }' }, ['NESTEROV optimizer.nesterov']],
    ['a momentum of adam', { x: 'optimizer: { momentum: 0.9 }' }, ['NO_EFFECT optimizer.momentum']],
    [
      'a step size of a cosine schedule',
      { x: 'optimizer: { schedule: { type: cosine, step_size: 2 } }' },
      ['NO_EFFECT optimizer.schedule.step_size'],
    ],
    [
      'a variant of wasm for native',
      { x: 'engine: { name: native, variant: simd128 }' },
      ['ENGINE_VARIANT engine.variant'],
    ],
    ['a variant of native for wasm', { x: 'engine: { name: wasm, variant: avx2 }' }, ['ENGINE_VARIANT engine.variant']],
    ['a GPU for an engine of the CPU', { x: 'engine: { name: native, device: gpu }' }, ['ENGINE_DEVICE engine.device']],
    ['perplexity of a classifier', { x: 'metrics: [accuracy, perplexity]' }, ['METRIC_MISFIT metrics[1]']],
    ['generation by a classifier', { x: 'generate: { prefixes: [a] }' }, ['NO_EFFECT generate']],
    [
      'windows of a classifier',
      { data: data('format: csv\n  sequence: { partition: random }') },
      ['NO_EFFECT data.sequence.partition'],
    ],
    [
      'one output for more than two labels',
      { data: folders('labels: [neg, pos, neutral]'), x: 'loss: bce_with_logits' },
      ['LOSS_MISFIT loss.type'],
    ],
    [
      'class weights for other labels',
      { data: folders(''), x: 'loss: { type: nll, class_weights: [1, 2, 3] }' },
      ['CLASS_WEIGHTS loss.class_weights'],
    ],
    [
      'a head too small for the labels',
      { data: folders(''), model: model('head: { outputs: 1 }') },
      ['HEAD_MISFIT model.head.outputs'],
    ],
    [
      'outputs that no class weight is for',
      { data: folders(''), model: model('head: { outputs: 5 }'), x: 'loss: { type: nll, class_weights: [1, 2] }' },
      ['HEAD_MISFIT model.head.outputs'],
    ],
    [
      'a head without room for the blank',
      { data: folders(''), model: model('head: { outputs: 2 }'), x: 'loss: ctc' },
      ['HEAD_MISFIT model.head.outputs'],
    ],
    [
      'two outputs for binary cross-entropy',
      { model: model('head: { outputs: 2 }'), x: 'loss: bce_with_logits' },
      ['HEAD_MISFIT model.head.outputs'],
    ],
    [
      'no full batch where only full ones count',
      {
        data: data('format: csv\n  split: { train: 200, test: 100 }'),
        x: 'train: { batch_size: 256, drop_last: true }',
      },
      ['NO_FULL_BATCH train.drop_last'],
    ],
    ['pooling under ctc', { model: model('pooling: max'), x: 'loss: ctc' }, ['NO_EFFECT model.pooling']],
    ['folders without paths', { data: data('format: folders') }, ['DATA_PARTS data.train']],
    ['folders with one path', { data: data('format: folders\n  train: reviews') }, ['DATA_PARTS data.train']],
    ['a csv with paths per label', { data: data('format: csv\n  test: { neg: a, pos: b }') }, ['DATA_PARTS data.test']],
    [
      'a label that only the test part has',
      { data: folders('test: { neg: c, positive: d }') },
      ['DATA_PARTS data.test.positive'],
    ],
    ['running text for a classifier', { data: data('format: text') }, ['TASK_MISFIT data.format']],
    [
      'fractions above the whole',
      { data: data('format: csv\n  split: { train: 0.8, test: 0.3 }') },
      ['SPLIT data.split.test'],
    ],
    [
      'fractions that leave nothing for training',
      { data: data('format: csv\n  split: { validation: 0.5, test: 0.5 }') },
      ['SPLIT data.split.test'],
    ],
    ['a split that names nothing', { data: data('format: csv\n  split: { seed: 1 }') }, ['SPLIT data.split']],
    [
      'a test split beside a test part',
      { data: data('format: csv\n  test: b.csv\n  split: { test: 0.2 }') },
      ['SPLIT data.split.test'],
    ],
    [
      'stopping by a split that is not there',
      { x: 'train: { early_stopping: {} }' },
      ['WATCHED_METRIC train.early_stopping.metric'],
    ],
    [
      'a plateau of a metric that is not measured',
      {
        data: data('format: csv\n  validation: v.csv'),
        x: 'optimizer: { schedule: { type: plateau, metric: validation.f1 } }',
      },
      ['WATCHED_METRIC optimizer.schedule.metric'],
    ],
    [
      'a bad regular expression of a token',
      { data: data('format: csv\n  tokens: { type: words, pattern: "[" }') },
      ['BAD_REGEX data.tokens.pattern'],
    ],
  ])('refuses %s', (_, sections, codes) => {
    expect(codesOf(validPipeline(sections))).toEqual(codes);
  });

  it.each<[string, { readonly [section: string]: string }, readonly string[]]>([
    [
      'a bidirectional model',
      { model: 'model: { cell: lstm, hidden: 8, bidirectional: true }' },
      ['BIDIRECTIONAL model.bidirectional'],
    ],
    ['pooling', { model: 'model: { cell: lstm, hidden: 8, pooling: max }' }, ['NO_EFFECT model.pooling']],
    ['a csv', { data: data('format: csv') }, ['TASK_MISFIT data.format']],
    ['a binary loss', { x: 'loss: bce_with_logits' }, ['LOSS_MISFIT loss.type']],
    ['F1', { x: 'metrics: [f1]' }, ['METRIC_MISFIT metrics[0]']],
    [
      'a state carried over random windows',
      { data: `${LANGUAGE_MODEL.data}\n  sequence: { partition: random }`, x: 'train: { carry_state: true }' },
      ['CARRY_STATE train.carry_state'],
    ],
    [
      'bits per character of words',
      { data: data('format: text'), x: 'metrics: [bits_per_character]' },
      ['METRIC_MISFIT metrics[0]'],
    ],
    ['labels', { data: `${LANGUAGE_MODEL.data}\n  labels: [a, b]` }, ['NO_EFFECT data.labels']],
  ])('refuses for a language model %s', (_, sections, codes) => {
    expect(codesOf(validPipeline({ ...LANGUAGE_MODEL, ...sections }))).toEqual(codes);
  });

  it.each<[string, { readonly [section: string]: string }, readonly string[]]>([
    ['dropout between the layers of one layer', { model: model('dropout: 0.5') }, ['NO_EFFECT model.dropout']],
    ['a nonlinearity of an LSTM', { model: model('nonlinearity: relu') }, ['NO_EFFECT model.nonlinearity']],
    [
      'an activation without hidden layers',
      { model: model('head: { activation: tanh }') },
      ['NO_EFFECT model.head.activation'],
    ],
    [
      'choosing by the test split',
      { x: 'train: { early_stopping: { metric: test.loss } }' },
      ['TEST_SPLIT_WATCHED train.early_stopping.metric'],
    ],
  ])('warns of %s', (_, sections, codes) => {
    const diagnostics = diagnosticsOf(validPipeline(sections));
    expect(diagnostics.map(({ severity, code, path }) => [severity, `${code} ${path}`])).toEqual(
      codes.map((code) => ['warning', code]),
    );
  });

  it('leaves a key alone that some arm of the sweep needs', () => {
    const sections = { model: model('nonlinearity: relu'), sweep: 'sweep: { grid: { model.cell: [rnn, lstm] } }' };
    expect(codesOf(validPipeline(sections))).toEqual([]);
  });

  it('tells what is wrong in several arms once, and in which', () => {
    const sections = { model: model('projection: 8'), sweep: 'sweep: { grid: { model.cell: [rnn, gru, lstm] } }' };
    const diagnostics = diagnosticsOf(validPipeline(sections));
    expect(diagnostics.map(({ message }) => message)).toEqual([
      '`model.projection` has no effect: it applies where `model.cell` is `lstm`, found `rnn` (in 1 of 3 arms: `001-rnn`)',
      '`model.projection` has no effect: it applies where `model.cell` is `lstm`, found `gru` (in 1 of 3 arms: `002-gru`)',
    ]);
  });
});
