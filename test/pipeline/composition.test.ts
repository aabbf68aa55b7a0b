import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosticsText } from '../../src/cli/error-text.js';
import { readPipelineFile } from '../../src/cli/pipeline-file.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { planPipeline } from '../../src/plan/create-plan.js';
import { validPipeline } from './valid-pipeline.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-composition-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (text: string, overrides: readonly string[] = []) => {
  write('p.yaml', text);
  return readPipelineFile(join(folder, 'p.yaml'), overrides);
};
const frames = (text: string) => {
  const { diagnostics } = planPipeline(read(text));
  return diagnosticsText(diagnostics, { stream: {} }).replaceAll(`${folder}/`, '');
};
const codes = (text: string) =>
  planPipeline(read(text)).diagnostics.map(({ code, location }) => `${code} ${location.file.slice(folder.length + 1)}`);

describe('extends', () => {
  it('merges mappings deeply, replaces everything else, and removes with null', () => {
    write(
      'base.yaml',
      validPipeline({
        x: 'train: { epochs: 5, clip_norm: 1 }\nmetrics: [accuracy, f1]\nsweep: { grid: { model.cell: [rnn, gru] } }',
      }),
    );
    const { pipeline } = read(
      'extends: base.yaml\nname: child\ntrain: { epochs: 2, clip_norm: null }\nmetrics: [f1]\nsweep: { seeds: 2 }\n',
    );
    expect(pipeline).toMatchObject({
      name: 'child',
      train: { epochs: 2 },
      metrics: ['f1'],
      sweep: { seeds: 2, grid: { 'model.cell': ['rnn', 'gru'] } },
    });
    expect(pipeline?.train).toEqual({ epochs: 2 });
  });

  it('goes on through what the other file extends, relative to that file', () => {
    write('a.yaml', validPipeline({}));
    write('b.yaml', 'extends: a.yaml\nmodel: { hidden: 32, layers: 3 }\n');
    expect(read('extends: b.yaml\nname: c\nmodel: { layers: 2 }\n').pipeline?.model).toMatchObject({
      cell: 'lstm',
      hidden: 32,
      layers: 2,
    });
  });

  it('sets keys within short forms, and takes away what contradicts the new key', () => {
    write(
      'base.yaml',
      validPipeline({
        data: `data: { source: { url: "https://a.b/c.csv", md5: ${'0'.repeat(32)} }, format: csv, split: { test: 0.2 } }`,
        x: 'loss: focal\nsweep: { random: { samples: 2, space: { optimizer.lr: { uniform: [0.1, 1] } } } }',
      }),
    );
    const { pipeline } = read(`extends: base.yaml
data: { source: { file: c.csv } }
loss: { gamma: 3 }
sweep: { random: { space: { optimizer.lr: { normal: [1, 0.1] } } } }
`);
    expect(pipeline?.data.source).toEqual({ file: 'c.csv' });
    expect(pipeline?.loss).toEqual({ type: 'focal', gamma: 3 });
    expect(pipeline?.sweep?.random?.space).toEqual({ 'optimizer.lr': { normal: [1, 0.1] } });
  });

  it('keeps null where it is a value: in settings and conditions', () => {
    write('base.yaml', validPipeline({ x: 'train: { clip_norm: 1 }' }));
    const { pipeline } = read(`extends: base.yaml
sweep: { ablate: { factors: { unclipped: { train.clip_norm: null } } } }
`);
    expect(pipeline?.sweep?.ablate?.factors).toEqual({ unclipped: { 'train.clip_norm': null } });
  });

  it('points to the file that said what is wrong', () => {
    write('base.yaml', validPipeline({ model: 'model:\n  cell: lst\n  hidden: 16' }));
    expect(frames('extends: base.yaml\ntrain: { epochs: 0 }\n')).toMatchInlineSnapshot(`
      "base.yaml:7:9: error: \`model.cell\`: expected one of \`rnn\`, \`gru\`, \`lstm\`, found \`lst\`
        5 |   split: { train: 0.8, test: 0.2 }
        6 | model:
      > 7 |   cell: lst
          |         ^^^
        8 |   hidden: 16
        hint: Did you mean \`lstm\`?

      p.yaml:2:18: error: \`train.epochs\`: expected a whole number from 1, found 0
        1 | extends: base.yaml
      > 2 | train: { epochs: 0 }
          |                  ^
      "
    `);
  });

  it('gives way to --set', () => {
    write('base.yaml', validPipeline({}));
    expect(read('extends: base.yaml\n', ['model.hidden=7']).pipeline?.model.hidden).toBe(7);
  });

  it('tells what the files say together, and keeps the file as it was', () => {
    write('base.yaml', validPipeline({}));
    const file = read('extends: base.yaml\nname: child\n');
    expect(file.text).toBe('extends: base.yaml\nname: child\n');
    expect(file.composed).toMatchObject({ name: 'child', model: { cell: 'lstm' } });
    expect(file.composed).not.toHaveProperty('extends');
    expect(read(validPipeline({})).composed).toBeNull();
  });
});

describe('a needed key that null removes', () => {
  it('is told where it was removed, and not in the file that has it', () => {
    write('base.yaml', validPipeline());
    expect(frames('extends: base.yaml\nmodel: null\n')).toMatchInlineSnapshot(`
      "p.yaml:2:1: error: the pipeline needs the key \`model\`, which is removed here
        1 | extends: base.yaml
      > 2 | model: null
          | ^^^^^
        hint: Embedding, recurrent cell, pooling and head. For example \`model: {embedding: {dim: 64}, cell: lstm, hidden: 64}\`.
      "
    `);
    write('without.yaml', 'extends: base.yaml\nmodel: { hidden: null }\n');
    expect(codes('extends: without.yaml\n')).toEqual(['MISSING_KEY without.yaml']);
    expect(codes('extends: without.yaml\nmodel: { hidden: 8 }\n')).toEqual([]);
  });
});

describe('extends is refused', () => {
  it('when files extend one another', () => {
    write('a.yaml', 'extends: b.yaml\n');
    write('b.yaml', 'name: b\nextends: p.yaml\n');
    expect(frames('extends: a.yaml\n')).toContain(
      [
        'b.yaml:2:10: error: a pipeline cannot extend itself: p.yaml → a.yaml → b.yaml → p.yaml',
        '  1 | name: b',
        '> 2 | extends: p.yaml',
        '    |          ^^^^^^',
      ].join('\n'),
    );
  });

  it('when there is no such file, or it is a folder, an address, no YAML or no mapping', () => {
    expect(frames('name: a\nextends: none.yaml\n')).toContain(
      'p.yaml:2:10: error: expected a file at none.yaml: there is no such file',
    );
    mkdirSync(join(folder, 'folder.yaml'));
    expect(frames('name: a\nextends: folder.yaml\n')).toContain('expected a file at folder.yaml: it is a folder');
    expect(codes('extends: "https://a.b/p.yaml"\n')).toContain('EXTENDS_ADDRESS p.yaml');
    write('broken.yaml', 'a: [\n');
    expect(codes('extends: broken.yaml\n')).toContain('YAML_SYNTAX broken.yaml');
    write('list.yaml', '[1]\n');
    expect(codes('extends: list.yaml\n')).toContain('NOT_A_PIPELINE list.yaml');
    expect(codes('extends: 3\n')).toContain('BAD_VALUE p.yaml');
  });

  it('without a word of it for a file that is not YAML, by name or by what it links to', () => {
    write('secret.txt', 'token: [1234\n');
    symlinkSync('secret.txt', join(folder, 'base.yaml'));
    for (const [name, problem] of [
      ['secret.txt', 'expected a YAML file, found the name `secret.txt`'],
      ['base.yaml', 'expected a file at base.yaml: it is a link to a file whose name ends in neither .yaml nor .yml'],
    ] as const) {
      const text = frames(`name: a\nextends: ${name}\n`);
      expect(text).toContain(problem);
      expect(text).not.toContain('1234');
    }
  });

  it('where no files can be read', () => {
    const { diagnostics } = readPipeline({ file: 'p.yaml', text: 'extends: base.yaml\n' });
    expect(diagnostics.map(({ code }) => code)).toContain('EXTENDS_UNREADABLE');
  });
});

describe('include', () => {
  const blocks = `small: { model: { cell: gru, hidden: 8 } }
reviews: { data: { source: { file: r.csv }, format: csv, split: { test: 0.5 } } }
number: 3
nested: { extends: p.yaml }
`;

  it('merges named blocks in order, under the own keys and over what is extended', () => {
    write('blocks.yaml', blocks);
    write('base.yaml', validPipeline({}));
    const { pipeline } = read(`extends: base.yaml
include: [{ file: blocks.yaml, block: reviews }, { file: blocks.yaml, block: small }]
model: { hidden: 9 }
`);
    expect(pipeline).toMatchObject({ model: { cell: 'gru', hidden: 9 }, data: { split: { train: 0.8, test: 0.5 } } });
  });

  it.each([
    ['reviewz', 'UNKNOWN_BLOCK p.yaml'],
    ['number', 'BAD_BLOCK blocks.yaml'],
    ['nested', 'BAD_BLOCK blocks.yaml'],
  ])('refuses the block %s', (block, code) => {
    write('blocks.yaml', blocks);
    expect(codes(`include: [{ file: blocks.yaml, block: ${block} }]\n`)).toContain(code);
  });
});
