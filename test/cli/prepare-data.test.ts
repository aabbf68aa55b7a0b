import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareData } from '../../src/cli/prepare-data.js';
import { DataError } from '../../src/errors.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import type { SpanLocation } from '../../src/pipeline/source-text.js';
import { createPlan } from '../../src/plan/create-plan.js';
import { locateInArm } from '../../src/plan/locate-in-arm.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';

let folder: string;
let cacheBefore: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-prepare-'));
  cacheBefore = process.env.SWEEPLINE_CACHE;
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
  writeRows('reviews.csv', 2);
  writeRows('stars.csv', 4);
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.SWEEPLINE_CACHE;
  else process.env.SWEEPLINE_CACHE = cacheBefore;
  rmSync(folder, { recursive: true });
});

function writeRows(name: string, labels: number): void {
  const rows = Array.from({ length: 40 }, (_, n) => `some words and word${n % 7},label${n % labels}`);
  writeFileSync(join(folder, name), `text,label\n${rows.join('\n')}\n`);
}

/** What is said of the data of the small pipeline with some sections replaced: null when it is fine. */
async function told(sections: { readonly [section: string]: string }) {
  const text = validPipeline(sections);
  const file = readPipeline({ file: 'p.yaml', text });
  const locate = (paths: readonly [string, ...string[]], arm: string) => locateInArm(file, arm, paths);
  const quiet = { onProgress: () => {}, onWarning: () => {} };
  try {
    await prepareData(createPlan(file), { workingDirectory: folder, locate, ...quiet });
    return null;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { message, code, location } = error;
    const { line, column, endColumn } = location as SpanLocation;
    const place = text.split('\n')[line - 1]!.slice(column - 1, endColumn - 1);
    return { message: message.replaceAll(`${folder}/`, ''), code, line, place };
  }
}

const stars = 'data:\n  source: { file: stars.csv }\n  format: csv\n  split: { train: 0.8, test: 0.2 }';
const head = (outputs: number) =>
  `model:\n  embedding: { dim: 8 }\n  cell: lstm\n  hidden: 16\n  head: { outputs: ${outputs} }`;

describe('labels that only the data tells are held against loss and head', () => {
  it.each(['cross_entropy', 'nll', 'label_smoothing', 'mse', 'hinge', 'focal'])(
    'a head of fewer outputs than labels is refused for %s',
    async (loss) => {
      expect(await told({ data: stars, model: head(2), loss: `loss: ${loss}` })).toEqual({
        message: '`model.head.outputs`: expected at least 4 outputs, one per label, found 2',
        code: 'HEAD_MISFIT',
        line: 10,
        place: '2',
      });
    },
  );

  it('a head without an output for the blank is refused for ctc', async () => {
    const message = '`model.head.outputs`: expected at least 5 outputs, one per label and a blank, found 4';
    expect(await told({ data: stars, model: head(4), loss: 'loss: ctc' })).toMatchObject({ message });
    expect(await told({ data: stars, model: head(5), loss: 'loss: ctc' })).toBeNull();
  });

  it('as many outputs as labels, or more, are fine, and so is one for binary cross-entropy', async () => {
    expect(await told({ data: stars, model: head(4) })).toBeNull();
    expect(await told({ data: stars, model: head(6) })).toBeNull();
    expect(await told({ model: head(1), loss: 'loss: bce_with_logits' })).toBeNull();
  });

  it('class weights for other labels and more than two for binary cross-entropy are refused', async () => {
    expect(await told({ loss: 'loss: { type: nll, class_weights: [1, 2, 3] }' })).toMatchObject({
      message: '`loss.class_weights`: expected 2 weights, one per label, found 3',
      place: '[1, 2, 3]',
    });
    expect(await told({ data: stars, loss: 'loss: bce_with_logits' })).toMatchObject({
      message: '`loss.type`: `bce_with_logits` tells two labels apart, found 4',
      place: 'bce_with_logits',
    });
  });

  it('a language model has the outputs of its vocabulary', async () => {
    writeFileSync(join(folder, 'book.txt'), 'a book of some length, to be read\n'.repeat(20));
    const data =
      'data: { source: { file: book.txt }, format: text, tokens: characters, split: { train: 400, test: 100 } }';
    expect(await told({ task: 'task: language-model', data, model: 'model: { cell: lstm, hidden: 4 }' })).toBeNull();
  });

  it('every arm of the same data is looked at', async () => {
    const sweep = 'sweep:\n  seeds: 2\n  grid:\n    model.head.outputs: [4, 3]\n    model.cell: [rnn, lstm]';
    expect(await told({ data: stars, sweep })).toEqual({
      message:
        '`model.head.outputs`: expected at least 4 outputs, one per label, found 3 (in the arm `003-outputs-3-rnn`)',
      code: 'HEAD_MISFIT',
      line: 13,
      place: '3',
    });
  });
});

describe('an error about data', () => {
  it('points at the value of the sweep and names the arm', async () => {
    expect(await told({ sweep: 'sweep:\n  grid:\n    data.source.file: [reviews.csv, nope.csv]' })).toMatchObject({
      message: '`data.source.file`: there is no nope.csv (in the arm `002-nope.csv`).',
      line: 12,
      place: 'nope.csv',
    });
  });

  it('points into a mapping that a variant sets', async () => {
    const sweep =
      'sweep:\n  list:\n    - { name: fine }\n    - { name: bad split, set: { data.split: { train: 0.5, test: 0.01 } } }';
    expect(await told({ sweep })).toMatchObject({
      message: '`data.split.test`: 0.01 of 40 examples is none (in the arm `002-bad-split`).',
      line: 13,
      place: '0.01',
    });
  });

  it('that names several settings points at the one that the sweep sets', async () => {
    expect(await told({ sweep: 'sweep: { grid: { data.vocabulary.min_count: [1, 1000] } }' })).toMatchObject({
      message: 'The training texts have no token for the vocabulary (in the arm `002-min-count-1000`).',
      place: '1000',
    });
  });

  it('names the arm where another setting of the pipeline does not fit what the sweep sets', async () => {
    const data = stars.replace('train: 0.8', 'train: 30');
    expect(await told({ data, sweep: 'sweep: { grid: { data.max_examples: [40, 20] } }' })).toMatchObject({
      message: expect.stringMatching(
        /^`data\.split\.train` asks for 30 examples; .* \(in the arm `002-max-examples-20`\)\.$/,
      ),
      line: 5,
      place: '30',
    });
  });

  it('names no arm where all have the same data', async () => {
    const data = stars.replace('stars.csv', 'nope.csv');
    expect(await told({ data, sweep: 'sweep: { grid: { model.cell: [rnn, lstm] }, seeds: 2 }' })).toMatchObject({
      message: '`data.source.file`: there is no nope.csv.',
      line: 3,
      place: 'nope.csv',
    });
  });

  it('points at the word vectors of the sweep', async () => {
    writeFileSync(join(folder, 'vectors.txt'), 'some 1 2 3 4 5 6 7 8\n');
    const vectors = (name: string) => `{ source: { file: ${name} }, format: glove }`;
    const sweep = `sweep:\n  grid:\n    model.embedding.pretrained:\n      - ${vectors('vectors.txt')}\n      - ${vectors('none.txt')}`;
    expect(await told({ sweep })).toMatchObject({
      message: expect.stringMatching(/there is no none\.txt \(in the arm `002-.*`\)\.$/),
      line: 14,
      place: 'none.txt',
    });
  });
});
