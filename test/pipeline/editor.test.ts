import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { knownKeys, pipelineSchema, schemasAt } from '../../src/pipeline/schema.js';
import { type Editor, openEditor } from './editor.js';

interface Generated {
  readonly $defs: { readonly [name: string]: { readonly properties: { readonly [path: string]: object } } };
}

const paths = Object.keys(
  (JSON.parse(readFileSync('schemas/pipeline.schema.json', 'utf8')) as Generated).$defs.everyAxis!.properties,
);
/** The names that the value at a path may be. */
const namesAt = (path: string) =>
  schemasAt(pipelineSchema, path.split('.'))
    .flatMap((schema) => [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : [])])
    .map(String);
const withNames = paths.filter((path) => namesAt(path).length > 0);

/** `model.cell` as nested mappings, the cursor after the last key. */
const nested = (path: string) => {
  const keys = path.split('.');
  return keys.map((key, depth) => `${'  '.repeat(depth)}${key}:${depth === keys.length - 1 ? ' |' : ''}`).join('\n');
};

let editor: Editor;
beforeAll(() => {
  editor = openEditor();
});

describe('an editor with the YAML language server', () => {
  it('completes the names of every key that has some', async () => {
    expect(withNames.length).toBeGreaterThan(25);
    for (const path of withNames) {
      expect(await editor.complete(nested(path)), path).toEqual(expect.arrayContaining(namesAt(path)));
    }
  });

  it('completes them below sweep.grid, too', async () => {
    for (const path of withNames) {
      const offered = await editor.complete(`sweep:\n  grid:\n    ${path}: [|]`);
      expect(offered, path).toEqual(expect.arrayContaining(namesAt(path)));
    }
  });

  it('completes the keys of every mapping', async () => {
    for (const path of [
      'data',
      'data.split',
      'model',
      'model.head',
      'optimizer',
      'train',
      'sweep',
      'sweep.ablate',
      'report',
    ]) {
      const depth = path.split('.').length;
      const offered = await editor.complete(`${nested(path).replace(' |', '')}\n${'  '.repeat(depth)}|`);
      expect(offered, path).toEqual(expect.arrayContaining([...knownKeys(pipelineSchema, path.split('.'))]));
    }
  });

  it.each([
    ['grid', 'sweep:\n  grid:\n    |'],
    ['a zip', 'sweep:\n  zip:\n    |'],
    ['a part of a union', 'sweep:\n  union:\n    - grid:\n        |'],
    ['a variant', 'sweep:\n  list:\n    - name: a\n      set:\n        |'],
    ['a factor', 'sweep:\n  ablate:\n    factors:\n      deep:\n        |'],
    ['a space', 'sweep:\n  random:\n    space:\n      |'],
    ['a condition', 'sweep:\n  exclude:\n    - |'],
    ['an axis with a condition', 'sweep:\n  when:\n    |'],
  ])('completes setting paths in %s', async (_, text) => {
    const offered = await editor.complete(text);
    expect(offered).toEqual(expect.arrayContaining(paths));
  });

  it('explains keys and setting paths', async () => {
    const cell = "The recurrent cell, as PyTorch's nn.RNN, nn.GRU and nn.LSTM define it.";
    expect(await editor.hover('model:\n  ce|ll: lstm')).toContain(cell);
    expect(await editor.hover('sweep:\n  grid:\n    model.ce|ll: [lstm]')).toContain(cell);
    expect(await editor.hover('sweep:\n  ab|late: {}')).toContain('A base and named factors');
  });

  it('underlines wrong values below sweep.grid, and nothing in the committed pipelines', async () => {
    const wrong = await editor.problems('sweep:\n  grid:\n    model.cell: [lstn]\n    model.projection: [null, 8]\n');
    expect(wrong).toContain('Value is not accepted. Valid values: "rnn", "gru", "lstm".');
    expect(wrong.filter((message) => !message.startsWith('Missing property'))).toHaveLength(1);
    expect(await editor.problems(readFileSync('pipelines/imdb-ablation.yaml', 'utf8').replace(/^#.*\n/, ''))).toEqual(
      [],
    );
  });
});

it('the generated part of the schema is what npm run types writes', () => {
  const generated = execFileSync(process.execPath, ['scripts/generate-types.js', '--print-schema'], {
    encoding: 'utf8',
  });
  expect(readFileSync('schemas/pipeline.schema.json', 'utf8')).toBe(generated);
});
