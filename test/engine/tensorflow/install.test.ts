import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type InstallRequest,
  installTensorflow,
  removeTensorflow,
} from '../../../src/engine/tensorflow/install/install.js';
import { engineFolder, readInstallation } from '../../../src/engine/tensorflow/installation.js';
import { writeZip } from './write-zip.js';

const before = { ...process.env };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sweepline-install-'));
  process.env.SWEEPLINE_CACHE = path.join(folder, 'cache');
  process.env.CXX = '';
});
afterEach(async () => {
  Object.assign(process.env, { PATH: before.PATH, CXX: before.CXX ?? '' });
  if (before.SWEEPLINE_CACHE === undefined) delete process.env.SWEEPLINE_CACHE;
  else process.env.SWEEPLINE_CACHE = before.SWEEPLINE_CACHE;
  await rm(folder, { recursive: true });
});

// The commands of these tests are shell scripts, and the wheel is Linux's.
describe.skipIf(process.platform !== 'linux')('installing the engine', () => {
  it('says what is missing before it fetches anything', async () => {
    await commands({ npm: 'echo 11.0.0' });
    await expect(install({ from: 'wheel' })).rejects.toMatchObject({
      message: 'expected a C++ compiler, found none',
      code: 'ENGINE_INSTALL_TOOL',
    });
    expect(await left()).toEqual([]);
  });

  it('shows what a failing step said last, and leaves nothing behind', async () => {
    await commands({
      npm: '[ "$1" = --version ] && echo 11.0.0 || { echo "E404 not found" >&2; exit 1; }',
      'c++': 'echo c++',
    });
    await expect(install({ from: await wheel() })).rejects.toMatchObject({
      message: expect.stringMatching(/exit code 1.*\n {2}E404 not found/),
      code: 'ENGINE_INSTALL_STEP',
    });
    expect(await left()).toEqual([]);
  });

  it('builds the binding against the libraries of a wheel, and keeps what was there before when the result does not load', async () => {
    await mkdir(await engineFolder(), { recursive: true });
    await writeFile(path.join(await engineFolder(), 'engine.json'), '{"tensorflow": "2.9.1"}');
    await commands({
      npm: NPM,
      'c++': `[ "$1" = --version ] && echo c++ 12 || printf '%s\\n' "$@" > '${folder}/arguments'`,
    });
    const steps: string[] = [];
    await expect(install({ from: await wheel(), onStep: (text) => steps.push(text) })).rejects.toMatchObject({
      code: 'ENGINE_INSTALL_BROKEN',
    });
    expect(steps.map((text) => text.split(' ')[0])).toEqual(['checked:', 'npm', 'taking', 'building', 'trying']);
    expect(await readFile(path.join(folder, 'arguments'), 'utf8')).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(await readInstallation(await engineFolder())).toMatchObject({ tensorflow: '2.9.1' });
    expect(await left()).toEqual([path.basename(await engineFolder())]);
  });

  it('clears away what an install that was killed left, and not what another is at work on', async () => {
    const name = path.basename(await engineFolder());
    const [dead, alive] = [`.${name}-999999999-0123abcd`, `.${name}-${process.pid}-0123abcd`];
    for (const each of [dead, alive])
      await mkdir(path.join(path.dirname(await engineFolder()), each), { recursive: true });
    await commands({});
    await expect(install({ from: 'npm' })).rejects.toMatchObject({ code: 'ENGINE_INSTALL_TOOL' });
    expect(await left()).toEqual([alive]);
  });

  it('is undone by removing it', async () => {
    await mkdir(await engineFolder(), { recursive: true });
    await writeFile(path.join(await engineFolder(), 'engine.json'), '{}');
    expect(await removeTensorflow()).toBe(true);
    expect(await left()).toEqual([]);
    expect(await removeTensorflow()).toBe(false);
  });
});

/** An `npm` that installs a package without anything in it. */
const NPM = `[ "$1" = --version ] && echo 11.0.0 || mkdir -p node_modules/@tensorflow/tfjs-node`;

async function install(request: Partial<InstallRequest>) {
  return installTensorflow({
    from: 'wheel',
    gpu: false,
    signal: new AbortController().signal,
    onStep: () => undefined,
    ...request,
  });
}

/** Makes these commands, shell scripts by name, the only ones beside the system's own tools. */
async function commands(scripts: Readonly<Record<string, string>>): Promise<void> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const [name, script] of Object.entries({ mkdir: 'exec /bin/mkdir "$@"', ...scripts })) {
    await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(bin, name), 0o755);
  }
  process.env.PATH = bin;
}

async function wheel(): Promise<string> {
  const file = path.join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  await writeFile(
    file,
    writeZip({ 'tensorflow/libtensorflow_cc.so.2': 'cc', 'tensorflow/libtensorflow_framework.so.2': 'framework' }),
  );
  return file;
}

async function left(): Promise<string[]> {
  return (await readdir(path.dirname(await engineFolder())).catch(() => [])).sort();
}
