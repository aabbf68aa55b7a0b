import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { diagnosticsOf } from './frames.js';
import { validPipeline } from './valid-pipeline.js';

const folders = (train: string, more = '') =>
  `data:\n  source: { file: mails }\n  format: folders\n  train: ${train}\n  split: { test: 0.2 }\n${more}`;
const labelled = (labels: string) => `data:\n  source: { file: a.csv }\n  format: csv\n  labels: ${labels}\n`;
const refusals = (sections: { readonly [section: string]: string }, overrides: readonly string[] = []) =>
  diagnosticsOf(validPipeline(sections), overrides).flatMap(({ code, path, location }) =>
    code === 'KEY_ORDER' ? [`${path} ${location.line}:${location.column}`] : [],
  );

/** What `p.yaml` says together with the other files. */
const read = (files: { readonly [name: string]: string }) =>
  readPipeline({
    file: 'p.yaml',
    text: files['p.yaml']!,
    readFile: (name) => (files[name] === undefined ? { problem: 'there is no such file' } : { text: files[name] }),
  });
const refusedIn = (files: { readonly [name: string]: string }) =>
  read(files).diagnostics.map(({ code, path, location }) => `${code} ${path} ${location.file}`);

describe('keys that are whole numbers, which JavaScript reads in ascending order', () => {
  it('are refused where the order of folders, labels or factors would change', () => {
    expect(refusals({ data: folders('{ "5": five, "1": one }') })).toEqual(['data.train.1 5:23']);
    expect(refusals({ data: folders('{ a: one, 5: five }') })).toEqual(['data.train.5 5:20']);
    expect(refusals({ data: folders('{ 1: a, 2: b }', '  test: { 2: b, 1: a }') })).toEqual(['data.test.1 7:17']);
    expect(refusals({ data: labelled('{ "1": positive, "0": negative }') })).toEqual(['data.labels.0 5:28']);
    const factors = 'factors: { 64: { model.hidden: 64 }, 2: { model.layers: 2 } }';
    expect(refusals({ x: `sweep: { union: [{ ablate: { mode: cumulative, ${factors} } }] }` })).toEqual([
      'sweep.union[0].ablate.factors.2 10:85',
    ]);
  });

  it('are refused in the values of a sweep too', () => {
    const labels = '{ 1: p, 0: n }';
    expect(refusals({ x: `sweep: { grid: { data.labels: [${labels}] } }` })).toEqual([
      'sweep.grid.data.labels[0].0 10:40',
    ]);
    expect(
      refusals({ x: `sweep: { random: { samples: 1, space: { data.labels: { choice: [${labels}] } } } }` }),
    ).toEqual(['sweep.random.space.data.labels.choice[0].0 10:73']);
    const data = `{ source: { file: a.csv }, format: csv, labels: ${labels} }`;
    expect(refusals({ x: `sweep: { list: [{ name: a, set: { data: ${data} } }] }` })).toEqual([
      'sweep.list[0].set.data.labels.0 10:97',
    ]);
  });

  it('stay where they are written in that order, and where the order says nothing', () => {
    expect(refusals({ data: labelled('{ "0": negative, "1": positive }') })).toEqual([]);
    expect(refusals({ data: folders('{ 1: one, 5: five, a: other }') })).toEqual([]);
    expect(refusals({ data: folders('{ "007": seven, "001": one }') })).toEqual([]);
    expect(refusals({ data: labelled('["1", "0"]') })).toEqual([]);
  });

  it('say how else to write it', () => {
    const hints = (sections: { readonly [section: string]: string }) =>
      diagnosticsOf(validPipeline(sections)).map(({ hint }) => hint);
    expect(hints({ data: folders('{ "5": five, "1": one }') })).toEqual([
      'Write whole numbers first, in ascending order; a list in `data` gives classes another order: `labels: ["5", "1"]`.',
    ]);
    expect(hints({ data: labelled('{ "1": positive, "0": negative }') })).toEqual([
      'Write whole numbers first, in ascending order, or the classes as a list, which keeps its order: `labels: ["1", "0"]`.',
    ]);
    expect(
      hints({ x: 'sweep: { ablate: { factors: { 64: { model.hidden: 64 }, 2: { model.layers: 2 } } } }' }),
    ).toEqual(['Give the factors names that are no whole numbers, such as `hidden 64`.']);
  });

  it('are refused in what --set says, alone and together with the file', () => {
    const data = folders('{ a: one, b: two }');
    expect(refusals({ data }, ['data.train={b: two, 1: one}'])).toEqual(['data.train.1 1:27']);
    expect(refusals({ data }, ['data.train.5=five'])).toEqual(['data.train.5 1:7']);
    expect(refusals({ data: folders('{ 5: five, 1: one, 7: seven }') }, ['data.train.5=null'])).toEqual([]);
  });

  it('are refused in files that are extended and included, and where files together change their order', () => {
    const wrong = validPipeline({ data: folders('{ 5: five, 1: one }') });
    expect(refusedIn({ 'p.yaml': 'extends: base.yaml\n', 'base.yaml': wrong })).toEqual([
      'KEY_ORDER data.train.1 base.yaml',
    ]);
    const over = 'extends: base.yaml\ndata: { train: { 5: five, 1: one } }\n';
    const plain = validPipeline({ data: folders('{ a: one, b: two }') });
    expect(refusedIn({ 'p.yaml': over, 'base.yaml': plain })).toEqual(['KEY_ORDER data.train.1 p.yaml']);
    const own = validPipeline({ x: 'include: [{ file: blocks.yaml, block: b }]' });
    const blocks = 'b: { data: { labels: { 1: positive, 0: negative } } }\n';
    expect(refusedIn({ 'p.yaml': own, 'blocks.yaml': blocks })).toEqual(['KEY_ORDER data.labels.0 blocks.yaml']);
    const base = validPipeline({ data: folders('{ 5: five, 9: nine }') });
    const smaller = 'extends: base.yaml\ndata: { train: { 7: seven } }\n';
    expect(refusedIn({ 'p.yaml': smaller, 'base.yaml': base })).toEqual(['KEY_ORDER data.train.7 p.yaml']);
  });

  it('may be merged where the order of all files is the same', () => {
    const base = validPipeline({ data: folders('{ 1: one, 5: five }') });
    const over = 'extends: base.yaml\ndata: { train: { 7: seven, 5: other } }\n';
    const { pipeline, diagnostics } = read({ 'p.yaml': over, 'base.yaml': base });
    expect(diagnostics.map(({ code }) => code)).toEqual([]);
    expect(pipeline?.data.train).toEqual({ 1: 'one', 5: 'other', 7: 'seven' });
  });
});
