import { describe, expect, it } from 'vitest';
import { diagnosticsOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { LANGUAGE_MODEL } from './plan-of.js';

/** What is said of claims about the small pipeline, which has a training and a test split. */
const told = (claims: readonly string[], sections: { readonly [section: string]: string } = {}): readonly string[] =>
  diagnosticsOf(validPipeline({ ...sections, expect: `expect: ${JSON.stringify(claims)}` })).map(
    ({ message }) => message,
  );
const csv = (rest: string) => `data:\n  source: { file: reviews }\n  format: csv\n  ${rest}`;

describe('a claim about a share', () => {
  it('is refused where it is held against more than 1, with the per cent that may be meant', () => {
    const claims = ['test.accuracy >= 84', '-1 < test.accuracy', 'test.loss < 84', 'test.accuracy >= 84%'];
    expect(told(claims)).toEqual([
      '`test.accuracy` is between 0 and 1, and is held against 84',
      '`test.accuracy` is between 0 and 1, and is held against -1',
    ]);
    const [problem] = diagnosticsOf(validPipeline({ x: 'expect: [test.accuracy > 84.5]' }));
    expect(problem).toMatchObject({ code: 'CLAIM_BOUND', hint: 'Write 84.5% or 0.845.' });
  });
});

describe('a claim about a split', () => {
  it('that there is not is refused, with what to add', () => {
    const claims = ['validation.accuracy[base] > 0.1', '0.5 < validation.loss', 'test.loss < validation.loss'];
    expect(told(claims)).toEqual([
      '`validation.accuracy` is not measured: there is no validation split',
      '`validation.loss` is not measured: there is no validation split',
      '`validation.loss` is not measured: there is no validation split',
    ]);
    const [problem] = diagnosticsOf(validPipeline({ data: csv(''), x: 'expect: [test.accuracy > 0.1]' }));
    expect(problem).toMatchObject({
      code: 'CLAIM_METRIC',
      message: '`test.accuracy` is not measured: there is no test split',
      hint: 'Add `test` to `data.split`, or a `data.test` of its own.',
      location: { line: 10, column: 10, endColumn: 23 },
    });
  });

  it('that there is, by `data.split` or as a part of its own, is no mistake', () => {
    const claims = ['train.loss < 1', 'test.accuracy > 0.1', 'timing.total_seconds < 10'];
    expect(told(claims)).toEqual([]);
    expect(told(claims, { data: csv('test: test.csv\n  train: train.csv') })).toEqual([]);
    expect(told(['validation.loss < 1'], { data: csv('split: { validation: 0.1 }') })).toEqual([]);
    const folders = 'data: { source: { file: a }, format: folders, train: { a: a, b: b }, validation: { a: c, b: d } }';
    expect(told(['validation.accuracy > 0.1'], { data: folders })).toEqual([]);
    expect(told(['test.accuracy > 0.1'], { data: folders })).toHaveLength(1);
  });

  it('of a language model is held against its splits too', () => {
    expect(told(['validation.perplexity < 9'], LANGUAGE_MODEL)).toEqual([]);
    expect(told(['test.perplexity < 9'], LANGUAGE_MODEL)).toEqual([
      '`test.perplexity` is not measured: there is no test split',
    ]);
  });

  it('is held against the arms that it is about, and names one that has no such split', () => {
    const bare = '{ name: bare, set: { data.split.validation: null } }';
    const sections = {
      data: csv('split: { train: 0.6, validation: 0.2, test: 0.2 }'),
      sweep: `sweep: { list: [{ name: whole }, ${bare}] }`,
    };
    expect(told(['validation.loss[whole] < 1', 'test.loss < 1'], sections)).toEqual([]);
    expect(told(['validation.loss[bare] < 1', 'validation.loss < 1'], sections)).toEqual([
      '`validation.loss` is not measured: there is no validation split',
      '`validation.loss` is not measured: there is no validation split in the arm `bare`',
    ]);
  });
});

describe('a claim that compares an arm', () => {
  it('with itself in the same metric has nothing to compare and is refused', () => {
    const alone = 'there is no other arm to compare `test.loss` with';
    expect(told(['test.loss[base] > test.loss[base]', 'test.loss >= test.loss'])).toEqual([alone, alone]);
  });

  it('with itself in another metric is none', () => {
    expect(told(['train.loss < test.loss', 'train.loss[base] < test.loss[base]'])).toEqual([]);
  });
});
