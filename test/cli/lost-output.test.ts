import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MOOD_PIPELINE, moodCsv } from '../e2e/sweep-binary.js';

const SWEEP = resolve('bin/sweep.js');
const REPORT = resolve('bin/report.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-lost-'));
  writeFileSync(join(folder, 'mood.csv'), moodCsv(300));
  writeFileSync(join(folder, 'mood.yaml'), MOOD_PIPELINE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ ...process.env, SWEEPLINE_CACHE: join(folder, 'cache'), NO_COLOR: '1' });

/** Calls a command with an output on a disk that is full. */
function onFullDisk(output: 'stdout' | 'stderr' | 'both', binary: string, ...args: readonly string[]) {
  const full = openSync('/dev/full', 'w');
  const stdio = ['ignore', output === 'stderr' ? 'pipe' : full, output === 'stdout' ? 'pipe' : full] as const;
  try {
    const options = { cwd: folder, env: environment(), encoding: 'utf8' } as const;
    return spawnSync(process.execPath, [binary, ...args], { ...options, stdio: [...stdio] });
  } finally {
    closeSync(full);
  }
}

function lastRun(): string {
  return readFileSync(join(folder, 'runs', 'latest', 'journal.ndjson'), 'utf8');
}

describe.skipIf(!existsSync('/dev/full'))('on a full disk', () => {
  test('events that are lost end no run, but it does not pass for one that told everything', () => {
    const { status, stderr } = onFullDisk('stdout', SWEEP, 'run', 'mood.yaml', '--json');
    expect(stderr).toBe(
      'warning: cannot write to stdout: no space left on device; the run goes on and ends with exit code 2; `sweep status` and `report` tell what is lost\n',
    );
    expect(status).toBe(2);
    expect(lastRun()).toContain('"event":"run-finished","state":"complete"');
    for (const [binary, ...args] of [[SWEEP, 'status'], [REPORT]] as const) {
      const said = onFullDisk('stdout', binary, ...args);
      expect(said.stderr).toBe(
        'error: cannot write to stdout: no space left on device\n  hint: make room, or send the output elsewhere, and try again\n',
      );
      expect(said.status).toBe(2);
    }
  });

  test('a progress that is lost changes nothing', () => {
    const { status, stdout } = onFullDisk('stderr', SWEEP, 'run', 'mood.yaml');
    expect(stdout).toMatch(/^# mood\n/);
    expect(status).toBe(0);
  });

  test('a run of which nobody hears still ends', () => {
    expect(onFullDisk('both', SWEEP, 'run', 'mood.yaml').status).toBe(2);
    expect(lastRun()).toContain('"event":"run-finished","state":"complete"');
  });
});

describe.skipIf(process.platform !== 'linux' || !existsSync('/usr/bin/script'))('on a terminal that is lost', () => {
  // The shell outlives the terminal, so as to tell how the run ended; a shell that people type in tells its jobs.
  const told = (run: string) => `trap 'kill -HUP $!' HUP; ${run} & wait $!; wait $!; echo $? > code`;
  const untold = (run: string) => `trap '' HUP; ${run}; echo $? > code`;
  test.each([
    ['the shell tells it of it', told, ''],
    ['it finds out when it writes', untold, ''],
    ['it writes elsewhere', told, '--json > events.ndjson'],
  ] as const)(
    'a run saves, stops and ends with 129 where %s',
    async (_, shell, output) => {
      writeFileSync(join(folder, 'mood.yaml'), MOOD_PIPELINE.replace('epochs: 3', 'epochs: 3000'));
      const run = `${process.execPath} ${SWEEP} run mood.yaml --jobs 1 ${output}`;
      const line = `stty rows 24 cols 90; ${shell(run)}`;
      const terminal = spawn('script', ['-qec', line, '/dev/null'], {
        cwd: folder,
        env: environment(),
        stdio: 'ignore',
      });
      const eventually = { timeout: 30_000, interval: 50 };
      await vi.waitFor(() => expect(lastRun()).toContain('"event":"epoch"'), eventually);
      terminal.kill('SIGKILL');
      await vi.waitFor(() => expect(readFileSync(join(folder, 'code'), 'utf8')).toBe('129\n'), eventually);
      const events = lastRun();
      expect(events).toContain('"state":"cancelled"');
      expect(events).toContain('"event":"run-finished","state":"interrupted"');
      expect(existsSync(join(folder, 'runs', 'latest', 'report.md'))).toBe(true);
    },
    70_000,
  );
});

test.skipIf(process.platform === 'win32')('a working directory that is gone is told, once, by every command', () => {
  for (const [binary, ...args] of [
    [SWEEP, 'status'],
    [SWEEP, 'run', 'mood.yaml'],
    [SWEEP, 'doctor'],
    [REPORT],
  ] as const) {
    const gone = mkdtempSync(join(folder, 'gone-'));
    const call = `rmdir ${gone}; exec ${[process.execPath, binary, ...args].join(' ')}`;
    const { status, stderr } = spawnSync('sh', ['-c', call], { cwd: gone, env: environment(), encoding: 'utf8' });
    expect(stderr).toBe(
      'error: the working directory is not there any more\n  hint: change to one that exists: cd "$PWD" where it was made again\n',
    );
    expect(status).toBe(2);
  }
});
