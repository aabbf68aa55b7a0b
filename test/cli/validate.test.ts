import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as validate from '../../src/cli/commands/validate.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { call } from './call.js';

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-validate-'));
  const sweep = 'sweep: { seeds: 2, grid: { model.cell: [rnn, gru, lstm] } }';
  writeFileSync(file('good.yaml'), validPipeline({ sweep }));
  writeFileSync(file('warned.yaml'), validPipeline({ model: 'model: { cell: lstm, hidden: 8, dropout: 0.5 }' }));
  writeFileSync(file('bad.yaml'), validPipeline({ model: 'model: { cel: lstm, hidden: -1 }' }));
  writeFileSync(file('100%, so: bad.yaml'), 'name: "a%\\nb"\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('sweep validate', () => {
  it('says how many trials a valid pipeline has', async () => {
    const { stdout, stderr, code } = await call(validate, [file('good.yaml')]);
    expect([stdout, stderr, code]).toEqual([`${file('good.yaml')}: valid (3 arms × 2 seeds = 6 trials)\n`, '', 0]);
  });

  it('says where arms share trials, and gives no product that is not one', async () => {
    const sizeOf = async (sweep: string): Promise<string> => {
      writeFileSync(file('shared.yaml'), validPipeline({ sweep }));
      const { stdout } = await call(validate, [file('shared.yaml')]);
      return stdout.slice(stdout.indexOf('valid (')).trim();
    };
    const same = 'list: [{ name: base }, { name: the same, set: { model.hidden: 16 } }';
    expect(await sizeOf(`sweep: { ${same}] }`)).toBe('valid (2 arms × 1 seed, 1 trial: arms that agree share theirs)');
    expect(await sizeOf(`sweep: { seeds: 2, ${same}, { name: wide, set: { model.hidden: 32 }, seeds: 1 }] }`)).toBe(
      'valid (3 arms, 3 trials: arms that agree share theirs)',
    );
    expect(await sizeOf('sweep: { list: [{ name: base }, { name: wide, set: { model.hidden: 32 }, seeds: 2 }] }')).toBe(
      'valid (2 arms, 3 trials)',
    );
  });

  it('shows every mistake of every file and exits with 2, a file that cannot be read among them', async () => {
    const { stdout, stderr, code } = await call(validate, [file('none.yaml'), file('bad.yaml'), file('good.yaml')]);
    expect(code).toBe(2);
    expect(stdout).toBe(`${file('good.yaml')}: valid (3 arms × 2 seeds = 6 trials)\n`);
    expect(stderr.replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "error: expected a pipeline file at none.yaml: there is no such file
        hint: Pipelines are YAML files such as pipelines/quickstart.yaml.
      bad.yaml:6:10: error: unknown key \`cel\` in \`model\`
        4 |   format: csv
        5 |   split: { train: 0.8, test: 0.2 }
      > 6 | model: { cel: lstm, hidden: -1 }
          |          ^^^
        hint: Did you mean \`cell\`?

      bad.yaml:6:29: error: \`model.hidden\`: expected a whole number from 1 to 65536, found -1
        4 |   format: csv
        5 |   split: { train: 0.8, test: 0.2 }
      > 6 | model: { cel: lstm, hidden: -1 }
          |                             ^^

      bad.yaml: 2 errors
      "
    `);
  });

  it('shows the first of a thousand mistakes and counts the others, which JSON lists', async () => {
    const values = Array.from({ length: 900 }, (_, n) => -n).join(', ');
    writeFileSync(file('many.yaml'), validPipeline({ sweep: `sweep: { grid: { model.hidden: [${values}] } }` }));
    const { stderr } = await call(validate, [file('many.yaml')]);
    expect(stderr.match(/: error: /g)).toHaveLength(20);
    expect(stderr).toMatch(
      /\nand 880 more errors\n {2}hint: `sweep validate FILE --format json` lists them all\n\n.*many\.yaml: 900 errors\n$/,
    );
    const { stdout } = await call(validate, [file('many.yaml'), '--format', 'json']);
    expect(JSON.parse(stdout).files[0].diagnostics).toHaveLength(900);
  });

  it('shows warnings of a pipeline that is valid', async () => {
    const { stdout, stderr, code } = await call(validate, [file('warned.yaml')]);
    expect(code).toBe(0);
    expect(stdout).toContain('valid (1 arm × 1 seed = 1 trial)');
    expect(stderr).toContain('warning: `model.dropout` has no effect');
  });

  it('checks overrides like the file', async () => {
    const { stderr, code } = await call(validate, [file('good.yaml'), '--set', 'model.cel=lstm']);
    expect(code).toBe(2);
    expect(stderr).toContain('--set model.cel=lstm: error: unknown key `model.cel`');
  });

  it('prints JSON for tools', async () => {
    const { stdout, code } = await call(validate, [
      file('bad.yaml'),
      file('good.yaml'),
      file('none.yaml'),
      '--format',
      'json',
    ]);
    const { files } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(files.map(({ valid, trials }: { valid: boolean; trials: number }) => [valid, trials])).toEqual([
      [false, null],
      [true, 6],
      [false, null],
    ]);
    expect(files[0].diagnostics[0]).toEqual({
      severity: 'error',
      code: 'UNKNOWN_KEY',
      path: 'model.cel',
      message: 'unknown key `cel` in `model`',
      hint: 'Did you mean `cell`?',
      location: { file: file('bad.yaml'), line: 6, column: 10, endColumn: 13 },
    });
    expect(files[2].diagnostics[0].code).toBe('PIPELINE_UNREADABLE');
  });

  it('prints annotations for GitHub, their special characters escaped', async () => {
    const name = file('100%, so: bad.yaml');
    const { stdout } = await call(validate, [name, '--format', 'github']);
    const escaped = name.replace('100%, so: bad', '100%25%2C so%3A bad');
    expect(stdout.split('\n')[0]).toBe(
      `::error file=${escaped},line=1,endLine=1,col=1,endColumn=5,title=MISSING_KEY::` +
        'the pipeline needs the key `data`, found none%0AWhere the texts come from and how they become token indices. ' +
        'For example `data: {source: {file: data/reviews.csv.gz}, format: csv, split: {train: 0.8, test: 0.2}}`.',
    );
    expect(stdout).toContain('found `a%25%0Ab`');
  });

  it('annotates an override at the top of the pipeline', async () => {
    const { stdout } = await call(validate, [file('good.yaml'), '--format', 'github', '--set', 'tasks=1']);
    expect(stdout).toBe(
      `::error file=${file('good.yaml')},line=1,endLine=1,col=1,endColumn=1,title=UNKNOWN_KEY::` +
        '--set tasks=1: unknown key `tasks`%0ADid you mean `task`?\n',
    );
  });
});
