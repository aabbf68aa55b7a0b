import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../src/cli/command.js';
import { configure } from '../../src/cli/commands/report.js';
import { configure as configureCompare } from '../../src/cli/commands/report-compare.js';
import { main } from '../../src/cli/report.js';
import { plannedRun } from '../report/planned-run.js';
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

function report(...words: readonly string[]): Promise<Ended> {
  return called(configure, words);
}

async function compare(...words: readonly string[]): Promise<string> {
  return (await called(configureCompare, words)).stdout;
}

/** The command by itself; errors reach the test. */
async function called(configured: typeof configure, words: readonly string[]): Promise<Ended> {
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
  configured(command, context);
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

  test('makes the folder of the file where it is missing', async () => {
    const file = join(runs, 'docs', 'results', 'report.md');
    await report(folder, '--output', file);
    expect(readFileSync(file, 'utf8')).toMatch(/^# sample\n/);
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

describe('report --check', () => {
  const claim = (bound: number) =>
    writeFileSync(join(folder, 'pipeline.yaml'), `expect: ['test.accuracy >= ${bound}']\n`);

  test('passes when every claim holds and report.md is what the data gives', async () => {
    claim(0.8);
    await report(folder);
    expect(await report(folder, '--check')).toEqual({
      stdout: '20261122-090000-sample-3f9c: every claim holds (1), and the report is what its data gives\n',
      code: null,
    });
  });

  test('exits with 3 when a claim fails, with its figures', async () => {
    claim(0.815);
    await report(folder);
    expect(await report(folder, '--check')).toEqual({
      stdout: 'claim fails: test.accuracy >= 0.815\n  lstm: 0.8100 ± 0.0100 (n = 3)\n',
      code: 3,
    });
  });

  test('exits with 1 when report.md was edited, or a figure is missing', async () => {
    await report(folder);
    const text = readFileSync(join(folder, 'report.md'), 'utf8');
    writeFileSync(join(folder, 'report.md'), text.replace('0.8226', '0.9226'));
    rmSync(join(folder, 'figures', 'intervals.svg'));
    const { stdout, code } = await report(folder, '--check');
    expect(stdout).toMatch(
      /report\.md: does not match its data; line \d+ of report\.md is\n {2}- .*0\.9226.*\nand should be\n {2}\+ .*0\.8226/,
    );
    expect(stdout).toContain('intervals.svg: is missing, or cannot be read');
    expect(code).toBe(1);
  });

  test('writes nothing', async () => {
    expect((await report(folder, '--check')).code).toBe(1);
    expect(() => readFileSync(join(folder, 'report.md'))).toThrow('ENOENT');
  });

  test('checks a report that stands elsewhere, and a report as JSON without its run', async () => {
    const docs = mkdtempSync(join(tmpdir(), 'sweepline-docs-'));
    const [json, md] = [join(docs, 'cells.json'), join(docs, 'cells.md')];
    await report(folder, '--output', md);
    await report(folder, '--format', 'json', '--output', json);
    expect(readFileSync(md, 'utf8')).toContain('](cells-figures/intervals.svg)');
    expect((await report(json, '--check', '--output', md)).code).toBeNull();
    writeFileSync(join(docs, 'cells-figures', 'intervals.svg'), '<svg/>');
    expect((await report(json, '--check', '--output', md)).code).toBe(1);
  });
});

describe('report --pipeline', () => {
  test('takes layout and claims from another pipeline', async () => {
    const title = (text: string): string => text.split('\n')[0]!;
    expect(title((await report(folder, '--pipeline', 'pipelines/imdb-cells.yaml')).stdout)).toBe(
      '# RNN, LSTM and GRU on IMDB',
    );
  });

  test('lays out a report as JSON like its run, and holds it against the claims', async () => {
    const run = writeRun(plannedRun('imdb-cells'), runs);
    const json = join(runs, 'r.json');
    await report(run, '--format', 'json', '--output', json);
    const settled = (bound: number, tables = ''): string => {
      const file = join(runs, `${bound}.yaml`);
      const text = readFileSync('pipelines/imdb-cells.yaml', 'utf8').replace(/^expect:[\s\S]*/m, '');
      writeFileSync(
        file,
        `${text.replace(/^report:[\s\S]*/m, '')}
report: { title: Anew, baseline: { model.cell: gru }, notes: [A note.], tables: [{ rows: [model.cell, model.hidden], metric: test.accuracy }] ${tables} }
expect: ['test.accuracy[model.cell=gru] >= ${bound}', 'state[model.hidden=64] = complete']
`,
      );
      return file;
    };
    const held = settled(0.8);
    const [ofJson, ofRun] = await Promise.all([json, run].map((source) => report(source, '--pipeline', held)));
    expect(ofJson!.stdout).toBe(ofRun!.stdout);
    expect(ofJson!.stdout).toMatch(/^# Anew\n[\s\S]*A note\.[\s\S]*Every claim holds \(2\)/);
    expect(ofJson!.stdout).toMatch(/^\| gru +\| 64 +\| /m);
    expect(await report(json, '--pipeline', held, '--check')).toMatchObject({ code: null });
    const failing = await report(json, '--pipeline', settled(0.99), '--check');
    expect(failing.code).toBe(3);
    expect(failing.stdout).toContain('test.accuracy[model.cell=gru] >= 0.99');
    const anew = join(runs, 'anew.json');
    await report(json, '--pipeline', held, '--format', 'json', '--output', anew);
    expect((await report(anew)).stdout).toBe(ofJson!.stdout);
  });

  test('says so where it names arms that the report has not, and takes that back with another', async () => {
    const json = join(runs, 'r.json');
    await report(folder, '--format', 'json', '--output', json);
    const named = join(runs, 'named.yaml');
    writeFileSync(named, readFileSync('pipelines/imdb-cells.yaml', 'utf8'));
    const anew = join(runs, 'anew.json');
    await report(json, '--pipeline', named, '--format', 'json', '--output', anew);
    expect((await report(anew)).stdout).toContain('names no arm of this run');
    expect((await report(anew, '--pipeline', 'pipelines/quickstart.yaml')).stdout).not.toContain('names no arm');
  });

  test('refuses a pipeline that is not valid', async () => {
    writeFileSync(join(runs, 'bad.yaml'), 'name: x\n');
    await expect(report(folder, '--pipeline', join(runs, 'bad.yaml'))).rejects.toMatchObject({ code: 'MISSING_KEY' });
  });
});

describe('report compare', () => {
  test('prints what changed between runs', async () => {
    const file = join(runs, 'r.json');
    await report(folder, '--format', 'json', '--output', file);
    expect(await main(['compare', folder, file])).toBe(0);
    expect(await main(['diff', folder, file, '--format', 'json', '--metric', 'test.loss'])).toBe(0);
    expect(await main(['compare', folder])).toBe(2);
    expect(await main(['compare', folder, file, '--metric', 'test.nothing'])).toBe(2);
  });

  test('tells what a pipeline that was edited in place has changed, in every format', async () => {
    const [before, after] = ['1', '3'].map((epochs, i) => {
      const run = plannedRun('imdb-cells', [`train.epochs=${epochs}`, `model.hidden=${epochs}2`]);
      return writeRun({ ...run, info: { ...run.info, id: `run-${i}` } }, runs);
    });
    const text = await compare(before!, after!);
    expect(text).toMatch(/^- `train\.epochs`: 1 → 3$/m);
    expect(text).toMatch(/^- `model\.hidden`: 12 → 32$/m);
    expect(text).not.toContain('are the same');
    expect(JSON.parse(await compare(before!, after!, '--format', 'json')).configurations[1]).toContainEqual({
      path: 'train.epochs',
      before: 1,
      after: 3,
      arms: null,
    });
    const json = join(runs, 'r.json');
    await report(after!, '--format', 'json', '--output', json);
    expect(await compare(before!, json)).toContain('Configurations, A → B: not compared.');
  });
});

describe('bad input', () => {
  test.each([
    ['no JSON', '{'],
    ['another JSON', '{"schema": 1}'],
  ])('a report file that is %s is refused', async (_, text) => {
    writeFileSync(join(runs, 'bad.json'), text);
    await expect(report(join(runs, 'bad.json'))).rejects.toMatchObject({ code: 'REPORT_FILE' });
  });

  test('a report file that is not there, on the disk or in Git, is refused', async () => {
    await expect(report('nowhere.json')).rejects.toMatchObject({ code: 'REPORT_FILE' });
    await expect(report('no-such-branch:nowhere.json')).rejects.toMatchObject({ code: 'REPORT_FILE' });
  });

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

  test('an output that is a link replaces what it leads to, there already or not', async () => {
    const link = join(runs, 'link.md');
    const real = join(runs, 'real');
    mkdirSync(real);
    symlinkSync(join('real', 'r.md'), link);
    for (const before of ['', 'old']) {
      if (before !== '') writeFileSync(join(real, 'r.md'), before);
      await report(folder, '--output', link);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readdirSync(real)).toEqual(['r.md']);
      expect(readFileSync(join(real, 'r.md'), 'utf8')).toMatch(/^# sample\n/);
    }
    expect((await report(folder, '--check', '--output', link)).code).toBeNull();
  });

  test.skipIf(process.platform === 'win32')('an output that is a pipe gets the report alone', async () => {
    const apart = mkdtempSync(join(tmpdir(), 'sweepline-report-'));
    const pipe = join(apart, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([readFile(pipe, 'utf8'), report(folder, '--output', pipe)]);
    expect(read).toBe((await report(folder)).stdout);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(readdirSync(apart)).toEqual(['pipe']);
  });

  test('an output that cannot be written is refused', async () => {
    writeFileSync(join(runs, 'file'), '');
    await expect(report(folder, '--output', join(runs, 'file', 'report.md'))).rejects.toMatchObject({
      code: 'REPORT_OUTPUT',
    });
  });

  test('the check prints no control characters of a run that was tampered with', async () => {
    await report(folder);
    const info = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...info, id: 'a\u001b[2Jb' }));
    const control = /[\u0000-\u0009\u000b-\u001f]/;
    const stale = await report(folder, '--check');
    expect(stale.code).toBe(1);
    expect(stale.stdout).not.toMatch(control);
    await report(folder);
    const fresh = await report(folder, '--check');
    expect(fresh.stdout).toMatch(/^a \[2Jb: /);
    expect(fresh.stdout).not.toMatch(control);
  });

  test('an unknown format is refused', async () => {
    await expect(report(folder, '--format', 'pdf')).rejects.toThrow(
      'Allowed choices are md, html, csv, json, latex, term, github, junit',
    );
  });

  test('exits with 2, and a report with 0', async () => {
    expect(await main(['nothing-like-it', '--runs', runs])).toBe(2);
    expect(await main([folder, '--format', 'pdf'])).toBe(2);
    expect(await main([folder, '--output', join(runs, 'report.md')])).toBe(0);
    writeFileSync(join(folder, 'plan.json'), '{"schema":9}');
    expect(await main([folder])).toBe(2);
  });
});
