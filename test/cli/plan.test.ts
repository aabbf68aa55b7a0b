import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as plan from '../../src/cli/commands/plan.js';
import { errorText } from '../../src/cli/error-text.js';
import { PipelineError } from '../../src/errors.js';
import { RefusedPlanError } from '../../src/plan/create-plan.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { modulesOf } from '../plan/modules-of.js';
import { call } from './call.js';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-plan-'));
  file = join(folder, 'p.yaml');
  writeFileSync(file, validPipeline({ sweep: 'sweep: { seeds: 2, grid: { model.cell: [gru, lstm] } }' }));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('sweep plan', () => {
  it('lists arms and trials as tables', async () => {
    const { stdout, code } = await call(plan, [file, '--runs', join(folder, 'none')]);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/[0-9a-f]{12}/g, '<hash>      ')).toMatchInlineSnapshot(`
      "reviews: 2 arms, 4 trials

      | arm      | settings        | trials | seeds |
      | :------- | :-------------- | -----: | :---- |
      | 001-gru  | model.cell=gru  |      2 | 0 1   |
      | 002-lstm | model.cell=lstm |      2 | 0 1   |

      | trial       | seed | hash         |
      | :---------- | ---: | :----------- |
      | 001-gru-s0  |    0 | <hash>       |
      | 001-gru-s1  |    1 | <hash>       |
      | 002-lstm-s0 |    0 | <hash>       |
      | 002-lstm-s1 |    1 | <hash>       |

      Time
        not known: no earlier run here is like these trials; --probe times some steps
      "
    `);
  });

  it('prints the whole plan as JSON, overrides applied', async () => {
    const { stdout } = await call(plan, [
      file,
      '--format',
      'json',
      '--set',
      'train.epochs=7',
      '--set',
      'sweep.seeds=1',
    ]);
    const { name, arms, trials } = JSON.parse(stdout);
    expect([name, arms.length, trials.length, trials[0].config.train.epochs]).toEqual(['reviews', 2, 2, 7]);
  });

  it('throws everything that is wrong for the command line to print', async () => {
    const { error } = await call(plan, [file, '--set', 'model.hidden=0', '--set', 'task=none']);
    expect((error as RefusedPlanError).diagnostics).toHaveLength(2);
    expect(
      errorText(error, { stream: {} })
        .split('\n')
        .filter((line) => line.includes('error:')),
    ).toHaveLength(2);
  });

  it('asks for --yes above sweep.max_trials', async () => {
    const small = ['--set', 'sweep.max_trials=1'];
    expect((await call(plan, [file, ...small])).error).toBeInstanceOf(RefusedPlanError);
    expect((await call(plan, [file, ...small, '--yes'])).error).toBeNull();
  });

  it('says that there is no such file', async () => {
    const { error } = await call(plan, [join(folder, 'none.yaml')]);
    expect(error).toBeInstanceOf(PipelineError);
    expect(errorText(error, { stream: {} })).toBe(
      `error: expected a pipeline file at ${folder}/none.yaml: there is no such file\n` +
        '  hint: Pipelines are YAML files such as pipelines/quickstart.yaml.\n',
    );
  });

  it('loads no engine', () => {
    expect(
      ['commands/plan.ts', 'plan/overview.ts', 'plan/render.ts', 'plan/other-plan.ts']
        .flatMap((name) => modulesOf(`src/cli/${name}`))
        .filter((name) => /tfjs|src\/engine\/(fused|kernels|ops|start)|src\/trial\//.test(name)),
    ).toEqual([]);
  });
});

describe('the text of an error', () => {
  it('frames a user error with a location and colours it on a terminal only', () => {
    const error = new PipelineError('expected more', { code: 'X', location: { file, line: 1, column: 7 } });
    expect(errorText(error, { stream: {} })).toContain('> 1 | name: reviews\n    |       ^\n');
    const noColor = process.env.NO_COLOR;
    delete process.env.NO_COLOR;
    expect(errorText(error, { stream: { isTTY: true } })).toContain('\u001b[31merror\u001b[39m: expected more');
    process.env.NO_COLOR = '1';
    expect(errorText(error, { stream: { isTTY: true } })).not.toContain('\u001b');
    if (noColor === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = noColor;
  });

  it('calls anything else an internal error, with its stack', () => {
    expect(errorText(new TypeError('x is not a function'), { stream: {} })).toMatch(
      /^Internal error: TypeError: x is not a function\n {4}at /,
    );
    expect(errorText('thrown text', { stream: {} })).toBe('Internal error: thrown text\n');
  });
});
