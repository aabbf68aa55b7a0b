import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../src/cli/command.js';
import { configure } from '../../src/cli/commands/report.js';
import { main } from '../../src/cli/report.js';
import { sampleRun, writeRun } from '../report/sample-run.js';

let folder: string;
let runs: string;

beforeEach(() => {
  folder = writeRun(sampleRun());
  runs = dirname(folder);
});

interface Ended {
  readonly stdout: string;
  readonly code: number | null;
}

/** The command by itself; errors reach the test. */
async function report(...words: readonly string[]): Promise<Ended> {
  let stdout = '';
  let code: number | null = null;
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      stdout += chunk.toString();
      done();
    },
  });
  const context: CommandContext = { stdout: collect, stderr: collect, exit: (value) => (code = value) };
  const command = new Command('report').exitOverride().configureOutput({ writeErr: () => undefined });
  configure(command, context);
  await command.parseAsync([...words], { from: 'user' });
  return { stdout, code };
}

describe('report', () => {
  test('prints Markdown and keeps it in the run folder', async () => {
    const { stdout, code } = await report(folder);
    expect(stdout).toMatch(/^# sample\n/);
    expect(stdout.endsWith('\n')).toBe(true);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toBe(stdout);
    expect(code).toBeNull();
  });

  test('takes the newest run when none is named, by its link or by its name', async () => {
    symlinkSync('20261122-090000-sample-3f9c', join(runs, 'latest'));
    expect((await report('--runs', runs)).stdout).toMatch(/^# sample\n/);
    rmSync(join(runs, 'latest'));
    expect((await report('--runs', runs)).stdout).toMatch(/^# sample\n/);
  });

  test.each(['20261122-090000-sample-3f9c', '20261122', 'latest'])('finds the run by %s', async (name) => {
    expect((await report(name, '--runs', runs)).stdout).toContain('- run: 20261122-090000-sample-3f9c');
  });

  test('prints JSON, and leaves report.md alone', async () => {
    const { stdout } = await report(folder, '--format', 'json');
    const { schema, arms } = JSON.parse(stdout);
    expect(schema).toBe(1);
    expect(arms[0].metrics['test.accuracy']).toMatchObject({ n: 3 });
    expect(() => readFileSync(join(folder, 'report.md'))).toThrow('ENOENT');
  });

  test('writes to a file instead of printing', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sweepline-report-')), 'out.json');
    expect((await report(folder, '--format', 'json', '--output', file)).stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8')).run.id).toBe('20261122-090000-sample-3f9c');
  });

  test('prints all the same when the run folder cannot be written', async () => {
    chmodSync(folder, 0o555);
    try {
      expect((await report(folder)).stdout).toMatch(/^# sample\n/);
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  test('reads a run folder that lost its plan, when its path is given', async () => {
    rmSync(join(folder, 'plan.json'));
    expect((await report(folder)).stdout).toContain('- plan.json: is missing');
  });
});

describe('bad input', () => {
  test('an unknown run is refused with those that exist', async () => {
    await expect(report('imdb', '--runs', runs)).rejects.toMatchObject({
      code: 'RUN_MISSING',
      message: `expected a run, found none that is called "imdb" in ${runs}`,
      hint: 'there is 20261122-090000-sample-3f9c',
    });
  });

  test('a folder that is no run is refused', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'sweepline-report-'));
    await expect(report(empty)).rejects.toMatchObject({ code: 'REPORT_NO_RUN' });
  });

  test('an output that cannot be written is refused', async () => {
    await expect(report(folder, '--output', '/nowhere/report.md')).rejects.toMatchObject({ code: 'REPORT_OUTPUT' });
  });

  test('an unknown format is refused', async () => {
    await expect(report(folder, '--format', 'pdf')).rejects.toThrow('Allowed choices are md, json');
  });

  test('exits with 2, and a report with 0', async () => {
    expect(await main(['nothing-like-it', '--runs', runs])).toBe(2);
    expect(await main([folder, '--format', 'pdf'])).toBe(2);
    expect(await main([folder, '--output', join(runs, 'report.md')])).toBe(0);
    writeFileSync(join(folder, 'plan.json'), '{"schema":9}');
    expect(await main([folder])).toBe(2);
  });
});
