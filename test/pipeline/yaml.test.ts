import { describe, expect, it } from 'vitest';
import { locateValue } from '../../src/pipeline/positions.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { codesOf, diagnosticsOf } from './frames.js';
import { validPipeline } from './valid-pipeline.js';

const read = (text: string) => readPipeline({ file: 'p.yaml', text });

describe('reading YAML', () => {
  it('resolves anchors and aliases', () => {
    const model = 'model:\n  embedding: { dim: &size 8 }\n  cell: lstm\n  hidden: *size';
    expect(read(validPipeline({ model })).pipeline?.model.hidden).toBe(8);
  });

  it.each([
    ['with', '\ufeff', false],
    ['without', '', false],
    ['with', '\ufeff', true],
  ])('says of UTF-16 %s a byte-order mark what it is', (_, mark, swapped) => {
    const bytes = Buffer.from(mark + validPipeline(), 'utf16le');
    const text = (swapped ? bytes.swap16() : bytes).toString('utf8');
    expect(diagnosticsOf(text).map(({ code, message }) => [code, message])).toEqual([
      ['NOT_UTF8', 'expected a text in UTF-8, found one in UTF-16'],
    ]);
  });

  it('merges mappings, keys of the mapping itself first, then the earlier merged one', () => {
    const sweep = `sweep:
  list:
    - { name: a, set: &a { model.hidden: 8, train.epochs: 2 } }
    - { name: b, set: &b { model.hidden: 16, train.batch_size: 4 } }
    - name: c
      set:
        <<: [*a, *b]
        train.epochs: 3`;
    const { pipeline } = read(validPipeline({ sweep }));
    expect(pipeline?.sweep?.list?.[2]?.set).toEqual({ 'train.epochs': 3, 'model.hidden': 8, 'train.batch_size': 4 });
  });

  it('points at the alias that stands for a bad value', () => {
    const model = 'model:\n  cell: lstm\n  hidden: &size 8\n  bidirectional: *size';
    const [diagnostic] = diagnosticsOf(validPipeline({ model }));
    expect(diagnostic?.location).toEqual({ file: 'p.yaml', line: 9, column: 18, endColumn: 23 });
  });

  it('points into the mapping that a bad key was merged from', () => {
    const sweep = 'sweep:\n  list:\n    - { name: a, set: &a { model.hiden: 8 } }\n    - { name: b, set: { <<: *a } }';
    const lines = diagnosticsOf(validPipeline({ sweep })).map(({ code, location }) => [
      code,
      location.line,
      location.column,
    ]);
    expect(lines).toContainEqual(['UNKNOWN_PATH', 12, 28]);
  });

  it.each([
    ['an alias without an anchor', 'name: *missing', 'YAML_ALIAS name'],
    ['an alias of its own parent', 'name: x\nmetrics: &m [*m]', 'YAML_ALIAS metrics[0]'],
    ['a repeated key', 'name: a\nname: b', 'DUPLICATE_KEY name'],
    ['a merge of something that is no mapping', 'name: &n a\nmodel: { <<: *n }', 'YAML_MERGE model'],
    ['a tag', 'name: !secret a', 'YAML_TAG '],
    ['a number that JSON cannot hold', 'name: a\ntrain: { clip_norm: .inf }', 'YAML_VALUE train.clip_norm'],
    ['a key that is a list', '? [a]\n: b', 'YAML_KEY '],
    ['the key __proto__', '__proto__: { a: 1 }', 'YAML_KEY '],
    ['a second document', 'name: a\n---\nname: b', 'YAML_SEVERAL_DOCUMENTS '],
    ['a tab as indentation', 'model:\n\tcell: lstm', 'YAML_TAB '],
    ['an empty file', '', 'NOT_A_PIPELINE '],
    ['a file of comments', '# nothing\n', 'NOT_A_PIPELINE '],
    ['a list', '- name: a', 'NOT_A_PIPELINE '],
    ['a word', 'pipeline', 'NOT_A_PIPELINE '],
  ])('refuses %s', (_, text, code) => {
    expect(codesOf(text)).toContain(code);
  });

  it('refuses aliases that multiply without end, at once', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((pair) => [...pair])) {
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
    }
    expect(codesOf(bomb.join('\n')).filter((code) => code.startsWith('YAML_TOO_LARGE'))).toHaveLength(1);
  });

  it('takes as many values as are written out', () => {
    const values = Array.from({ length: 25_000 }, (_, n) => n + 1).join();
    const sweep = `sweep: { max_trials: 25000, zip: { model.hidden: [${values}] } }`;
    expect(codesOf(validPipeline({ sweep }))).toEqual([]);
  });

  it('refuses nesting that would exhaust the stack', () => {
    expect(codesOf('['.repeat(100_000)).length).toBeGreaterThan(0);
    expect(codesOf(`name: ${'['.repeat(200)}${']'.repeat(200)}`).join()).toContain('YAML_TOO_LARGE');
  });

  it('counts columns right after Windows line ends and a byte-order mark', () => {
    const text = `\uFEFF${validPipeline({ x: 'task: nothing' })}`.replaceAll('\n', '\r\n');
    const [diagnostic] = diagnosticsOf(text);
    expect(diagnostic?.location).toEqual({ file: 'p.yaml', line: 10, column: 7, endColumn: 14 });
  });
});

describe('locateValue', () => {
  it('tells where a value was written, or else its nearest written parent', () => {
    const { positions } = read(validPipeline({ x: 'loss: nll' }));
    const locate = (path: string) => locateValue(positions, path.split('.'));
    expect(locate('data.split.train')).toEqual({ file: 'p.yaml', line: 5, column: 19, endColumn: 22 });
    expect(locate('data.split.validation')).toEqual({ file: 'p.yaml', line: 5, column: 3, endColumn: 8 });
    expect(locate('loss.type')).toEqual({ file: 'p.yaml', line: 10, column: 7, endColumn: 10 });
    expect(locate('train.epochs')).toMatchObject({ line: 1, column: 1 });
  });
});
