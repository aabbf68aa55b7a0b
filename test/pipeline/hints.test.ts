import { describe, expect, it } from 'vitest';
import { codesOf, diagnosticsOf, framesOf } from './frames.js';
import { validPipeline } from './valid-pipeline.js';

/** Message and hint of the only diagnostic. */
function told(text: string, overrides: readonly string[] = []): string {
  const diagnostics = diagnosticsOf(text, overrides);
  expect(diagnostics).toHaveLength(1);
  return `${diagnostics[0]!.message} | ${diagnostics[0]!.hint}`;
}

const init = (value: string): string => validPipeline({ model: `model: { cell: lstm, hidden: 16, init: ${value} }` });

describe('a key of another form', () => {
  it('is refused beside those that it does not go with', () => {
    const together =
      'How parameters start: one way for all, or one per group. Keys that go together: `uniform`; `normal`; ' +
      '`constant`; `embedding`, `input`, `recurrent`, `bias`, `head`, `head_bias`, `forget_bias`.';
    expect(told(init('{ normal: 0.1, forget_bias: 1 }'))).toBe(
      `\`model.init\`: \`forget_bias\` cannot stand beside \`normal\` | ${together}`,
    );
    expect(told(init('{ normal: 0.1, uniform: 0.2 }'))).toBe(
      `\`model.init\`: \`normal\` cannot stand beside \`uniform\` | ${together}`,
    );
    const data = 'data: { source: { file: a.csv, npm: b@1.0.0, integrity: sha512-aa }, format: csv }';
    expect(told(validPipeline({ data }))).toContain('`data.source`: `file` cannot stand beside `npm`, `integrity` | ');
    const sweep = 'sweep: { grid: { model.init: [{ normal: 0.1, forget_bias: 1 }] } }';
    expect(told(validPipeline({ sweep }))).toContain('`sweep.grid.model.init[0]`: `forget_bias` cannot stand beside');
  });
});

describe('the hint for an unknown key', () => {
  it('names another place than the one where it stands', () => {
    const data = 'data: { source: { url: "https://a.b/c", md5: 0, file: d, hidden: 3 }, format: csv }';
    for (const { path, hint } of diagnosticsOf(validPipeline({ data }))) expect(hint).not.toContain(`\`${path}\``);
  });

  it('says how levels are written where dots were', () => {
    expect(told(validPipeline({ x: 'model.layers: 2' }))).toBe(
      'unknown key `model.layers` | Dots stand for levels only in sweeps and `--set`: write `model: { layers: … }`.',
    );
  });
});

it('says the rule of a text that has one, and not an example alone', () => {
  const name = 'up to 64 lower-case letters, digits and hyphens, no hyphen first';
  for (const wrong of ['Base', 'a_b', '-a', 'a'.repeat(65), '12']) {
    expect(told(validPipeline({ name: `name: ${wrong}` }))).toContain(name);
  }
  expect(told(validPipeline({ x: 'train: { timeout: 30 }' }))).toContain(
    '30 | A number above 0 and its unit: s, m or h',
  );
  expect(told(validPipeline({ x: 'train: { early_stopping: { metric: val.loss } }' }))).toContain(
    '| A split (train, validation or test), a dot and a metric',
  );
});

describe('one mistake is one error', () => {
  it('where a number is none that JSON has', () => {
    for (const number of ['.inf', '-.inf', '.nan', '1e400']) {
      expect(codesOf(validPipeline({ x: `optimizer: { lr: ${number} }` }))).toEqual(['YAML_VALUE optimizer.lr']);
      expect(codesOf(validPipeline(), [`optimizer.lr=${number}`])).toEqual(['YAML_VALUE ']);
      const sweep = `sweep: { grid: { optimizer.lr: [0.1, ${number}] } }`;
      expect(codesOf(validPipeline({ sweep }))).toEqual(['YAML_VALUE sweep.grid.optimizer.lr[1]']);
    }
    // Others are told as before.
    expect(codesOf(validPipeline({ x: 'optimizer: { lr: .inf, eps: -1 }' }))).toEqual([
      'YAML_VALUE optimizer.lr',
      'BAD_VALUE optimizer.eps',
    ]);
  });

  it('where another file, in which all that is missing may stand, is named wrongly', () => {
    expect(codesOf('extends: [base.yaml]\n')).toEqual(['BAD_VALUE extends']);
    expect(codesOf('extend: base.yaml\n')).toEqual(['UNKNOWN_KEY extend']);
    expect(codesOf('include: base.yaml\n')).toEqual(['BAD_VALUE include']);
    expect(codesOf('name: a\n')).toEqual(['MISSING_KEY ', 'MISSING_KEY ']);
  });

  it('where a key is not of the form that keys have', () => {
    const codes = codesOf(validPipeline({ sweep: 'sweep: { grid: { Model.hidden: [3] } }' }));
    expect(codes).not.toContain('BAD_VALUE sweep.grid');
  });
});

it('shows where an override removed a key that is needed', () => {
  expect(framesOf(validPipeline(), ['name=null', 'model.hidden=null'])).toMatchInlineSnapshot(`
    "--set model.hidden=null: error: \`model\` needs the key \`hidden\`, which is removed here
    > 1 | --set model.hidden=null
        |       ^^^^^^^^^^^^
      hint: Features of the hidden state (PyTorch's hidden_size). For example \`hidden: 64\`.

    --set name=null: error: the pipeline needs the key \`name\`, which is removed here
    > 1 | --set name=null
        |       ^^^^
      hint: The experiment's name: up to 64 lower-case letters, digits and hyphens, no hyphen first. It names run folders. For example \`name: imdb-ablation\`.
    "
  `);
  // It is there again.
  expect(codesOf(validPipeline(), ['name=null', 'name=again'])).toEqual([]);
});

it('says what a key of published figures is', () => {
  const report = 'report: { reference: [{ arm: base, metrics: { accuracy: 0.5 } }] }';
  expect(told(validPipeline({ report }))).toBe(
    'expected text such as `test.accuracy` as a key, found `accuracy` | A split (train, validation or test), a dot and a metric, or timing and a figure.',
  );
});
