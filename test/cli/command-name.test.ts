import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as doctor from '../../src/cli/commands/doctor.js';
import { main as report } from '../../src/cli/report.js';
import { main as sweep } from '../../src/cli/sweep.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { call } from './call.js';

/** What a call of a whole command line wrote and gave. */
async function called(main: typeof sweep, ...argv: readonly string[]) {
  const texts = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      texts[name] += String(chunk);
      return true;
    }),
  );
  try {
    return { code: await main(argv), ...texts };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-command-name-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

describe('a mistyped command', () => {
  it('is told as one, with the nearest that there is, whatever stands behind it', async () => {
    const text = 'error: there is no command `plna`, and no file of that name\n  hint: Did you mean `plan`?\n';
    expect(await called(sweep, 'plna', 'base.yaml')).toEqual({ code: 2, stdout: '', stderr: text });
    expect(await called(sweep, 'plna', 'base.yaml', '--diff', 'main')).toEqual({ code: 2, stdout: '', stderr: text });
    expect((await called(sweep, 'toString')).stderr).toBe(
      'error: there is no command `toString`, and no file of that name\n  hint: `sweep help` lists the commands.\n',
    );
    expect((await called(report, 'comapre', 'one', 'two')).stderr).toBe(
      'error: there is no command `comapre`, and no run of that name\n  hint: Did you mean `compare`?\n',
    );
  });

  it('stays a file where there is one of that name, and a run where it is not nearly a command', async () => {
    writeFileSync('plna', validPipeline({ model: 'model: { cel: lstm, hidden: 4 }' }));
    expect((await called(sweep, 'plna')).stderr).toContain('plna:6:10: error: unknown key `cel` in `model`');
    expect((await called(sweep, 'missing.yaml')).stderr).toContain('expected a pipeline file at missing.yaml');
    expect((await called(report, 'baseline')).stderr).toContain('found none that is called "baseline"');
  });
});

describe('help', () => {
  it('says that there is no such command', async () => {
    expect(await called(sweep, 'help', 'plna')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: there is no command `plna`\n  hint: Did you mean `plan`?\n',
    });
  });

  it('shows the options of a command that there is', async () => {
    const { code, stdout } = await called(sweep, 'help', 'plan');
    expect([code, stdout]).toEqual([0, (await called(sweep, 'plan', '--help')).stdout]);
    expect(stdout).toContain('--diff <run|commit>');
    expect((await called(sweep, 'help', 'help')).code).toBe(0);
  });
});

it('sweep doctor refuses a format that it does not have', async () => {
  const { stdout, error } = await call(doctor, ['--format', 'xml']);
  expect(stdout).toBe('');
  expect(String(error)).toContain("argument 'xml' is invalid. Allowed choices are text, json.");
});
