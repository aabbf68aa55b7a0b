import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SWEEP = fileURLToPath(new URL('../../bin/sweep.js', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sweepline-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

// The commands of these tests are shell scripts, and the wheel is Linux's.
describe.skipIf(process.platform !== 'linux')('sweep engine install', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at %s, whatever it waits for, and leaves nothing behind', async (signal, code) => {
    commands({
      npm: '[ "$1" = --version ] && echo 11.0.0 || exec sleep 600',
      'c++': 'echo c++ 12',
      python3: 'echo pip 24',
    });
    const install = execa(process.execPath, [SWEEP, 'engine', 'install', 'tensorflow'], {
      env: { PATH: `${path.join(folder, 'bin')}:/usr/bin:/bin`, SWEEPLINE_CACHE: path.join(folder, 'cache'), CXX: '' },
      extendEnv: false,
      reject: false,
    });
    for await (const line of install.iterable({ from: 'stderr' })) {
      if (line.includes('npm fetches')) install.kill(signal);
    }
    const { exitCode, stderr } = await install;
    expect(stderr).toMatch(/Interrupted: nothing was changed\.$/);
    expect(exitCode).toBe(code);
    expect(readdirSync(path.join(folder, 'cache', 'engines'))).toEqual([]);
  });
});

function commands(scripts: Readonly<Record<string, string>>): void {
  mkdirSync(path.join(folder, 'bin'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(path.join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, 'bin', name), 0o755);
  }
}
