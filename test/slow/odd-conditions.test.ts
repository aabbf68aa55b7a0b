import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MOOD_PIPELINE, moodCsv } from '../e2e/sweep-binary.js';

const SWEEP = fileURLToPath(new URL('../../bin/sweep.js', import.meta.url));
const root = process.getuid?.() === 0;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-odd-'));
  writeFileSync(join(folder, 'mood.csv'), moodCsv(300));
  writeFileSync(join(folder, 'mood.yaml'), MOOD_PIPELINE.replace('epochs: 3', 'epochs: 30'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function sweep(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [SWEEP, ...args, '--jobs', '1', '--no-report'], {
    cwd: folder,
    env: { SWEEPLINE_CACHE: join(folder, 'cache'), NO_COLOR: '1' },
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

/** The weights' digests of a run, by trial. */
function digests(runs: string): readonly unknown[] {
  const trials = join(folder, runs, 'latest', 'trials');
  return readdirSync(trials)
    .sort()
    .map((trial) => JSON.parse(readFileSync(join(trials, trial, 'result.json'), 'utf8')).weights_digest);
}

function mountTmpfs(name: string, options: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  return path;
}

describe.skipIf(!root)('as root, who may mount a small disk,', () => {
  test('a full disk ends the run with a message, and a resume with room ends it with the same bits', async () => {
    expect((await sweep('run', 'mood.yaml', '--runs', 'reference')).exitCode).toBe(0);
    const disk = mountTmpfs('disk', 'size=100k');
    try {
      const { exitCode, stderr } = await sweep('run', 'mood.yaml', '--runs', 'disk');
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /error: cannot read or write \S+: the disk is full\n {2}hint: mend that, then go on with: sweep resume /,
      );
      execFileSync('mount', ['-o', 'remount,size=10m', disk]);
      const resumed = await sweep('resume', '--runs', 'disk');
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      expect(digests('disk')).toEqual(digests('reference'));
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });

  test('a disk that is read-only ends the resume with a message; mended, it goes on', async () => {
    const disk = mountTmpfs('disk', 'size=10m');
    try {
      await sweep('run', 'mood.yaml', '--runs', 'disk', '--timeout', '0.4s');
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const refused = await sweep('retry', '--runs', 'disk', '--timeout', '1h');
      expect(refused.exitCode).toBe(2);
      expect(refused.stderr).toMatch(/EROFS|read-only/);
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      expect((await sweep('retry', '--runs', 'disk', '--timeout', '1h')).exitCode).toBe(0);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
});

test.skipIf(root)('a runs folder that cannot be written is refused before anything runs', async () => {
  mkdirSync(join(folder, 'runs'));
  chmodSync(join(folder, 'runs'), 0o500);
  const { exitCode, stderr } = await sweep('run', 'mood.yaml');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error: cannot create a run folder in runs');
});

test('a damaged cache entry is made anew, with a warning and the same results', async () => {
  expect((await sweep('run', 'mood.yaml', '--runs', 'first')).exitCode).toBe(0);
  const datasets = join(folder, 'cache', 'datasets');
  for (const name of readdirSync(datasets)) {
    const path = join(datasets, name);
    if (name.endsWith('.bin')) writeFileSync(path, readFileSync(path).fill(0, 100, 400));
  }
  const { exitCode, stderr } = await sweep('run', 'mood.yaml', '--runs', 'second');
  expect(exitCode).toBe(0);
  expect(stderr.match(/The cached data \S+ is damaged .*; it is made anew\./g)).toHaveLength(1);
  expect(digests('second')).toEqual(digests('first'));
});
