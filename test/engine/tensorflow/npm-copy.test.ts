import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FOLDER_VARIABLE } from '../../../src/engine/tensorflow/find-engine.js';
import { engineFolder } from '../../../src/engine/tensorflow/installation.js';
import { npmCopies, readNpmCopy } from '../../../src/engine/tensorflow/npm-copy.js';
import { chooseEngine } from '../../../src/run/choose-engine.js';
import { workerEnvironment } from '../../../src/run/executors/worker-environment.js';
import { probeTensorflow } from '../../../src/run/probe-engine.js';

const CPU = '@tensorflow/tfjs-node';
const GPU = '@tensorflow/tfjs-node-gpu';
const SWEEP = path.resolve('bin/sweep.js');
const ENGINE = path.resolve('dist/engine/start-engine.js');
const WISH = { name: 'tensorflow', device: 'any', variant: null } as const;

const before = { ...process.env };
const home = process.cwd();
let folder: string;
let work: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'sweepline-npm-copy-')));
  work = path.join(folder, 'work');
  await mkdir(work);
  process.env.SWEEPLINE_CACHE = path.join(folder, 'cache');
  delete process.env[FOLDER_VARIABLE];
  process.chdir(work);
});
afterEach(async () => {
  process.chdir(home);
  for (const name of ['SWEEPLINE_CACHE', FOLDER_VARIABLE]) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  await rm(folder, { recursive: true });
});

describe('where the packages are looked for', () => {
  it('is the working directory and its parents, then beside Sweepline, the GPU first', async () => {
    const beside = path.join(folder, 'lib', 'node_modules');
    const places = [
      await fake(beside, GPU),
      await fake(path.join(folder, 'node_modules'), CPU),
      await fake(beside, CPU),
    ];
    expect(npmCopies([work, path.join(beside, 'sweepline')])).toEqual(places);
  });

  it('gives a package once that both see, by the name that links lead to', async () => {
    const there = await fake(path.join(folder, 'elsewhere'), CPU);
    await mkdir(path.join(folder, 'node_modules', '@tensorflow'), { recursive: true });
    await symlink(there, path.join(folder, 'node_modules', CPU));
    expect(npmCopies([work, folder])).toEqual([there]);
  });

  it('takes no other package for one of them', async () => {
    const there = await fake(path.join(folder, 'node_modules'), CPU, { named: 'something-else' });
    expect(await readNpmCopy(there)).toBeNull();
    expect(await readNpmCopy(folder)).toBeNull();
  });
});

describe('a package in the working directory', () => {
  it('is loaded with our TensorFlow.js, whatever lies below it', async () => {
    const there = await fake(modules(), CPU);
    expect(await probeTensorflow()).toMatchObject({
      works: true,
      variant: '2.9.1-fake',
      gpu: false,
      cuda: null,
      copy: { package: CPU, folder: there },
    });
  });

  it('is taken for the GPU before the CPU', async () => {
    await fake(modules(), CPU);
    const there = await fake(modules(), GPU);
    const probe = await probeTensorflow();
    expect(probe).toMatchObject({ works: true, cuda: '11.2', copy: { package: GPU, folder: there }, warnings: [] });
  });

  it('is taken for the CPU where that for the GPU does not load, which is not kept silent', async () => {
    const there = await fake(modules(), CPU);
    const broken = await fake(modules(), GPU, { throws: 'libcudart.so.11.0: cannot open shared object file' });
    const reason = `${GPU} in ${broken} does not load: libcudart.so.11.0: cannot open shared object file`;
    const choice = await chooseEngine(WISH);
    expect(choice).toMatchObject({ engine: { name: 'tensorflow' }, gpu: false, folder: there });
    expect(choice.warnings).toEqual([expect.stringContaining('runs on the CPU'), reason]);
    delete process.env[FOLDER_VARIABLE];
    const { stdout } = await sweep('doctor');
    expect(stdout).toMatch(/tensorflow +works +libtensorflow 2\.9\.1-fake of @tensorflow\/tfjs-node in /);
    expect(stdout).toContain(`warning: ${reason}`);
  });

  it('is refused where it is of another version', async () => {
    const there = await fake(modules(), CPU, { version: '4.10.0' });
    const found = `expected ${CPU} 4.22.x, found 4.10.0 in ${there}`;
    expect(await probeTensorflow()).toMatchObject({ works: false, reason: found });
    await expect(chooseEngine(WISH)).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining(found),
      hint: expect.stringContaining('`sweep engine install tensorflow`'),
    });
    expect(process.env[FOLDER_VARIABLE]).toBeUndefined();
  });

  it('that does not load is named by sweep doctor, with what to do', async () => {
    const there = await fake(modules(), CPU, { throws: 'the native addon can not be found' });
    const { stdout } = await sweep('doctor');
    expect(stdout).toContain(
      `${CPU} in ${there} does not load: the native addon can not be found; ` +
        '`sweep engine install tensorflow` installs one of its own',
    );
  });

  it('that ends its process is named with the signal', async () => {
    const there = await fake(modules(), CPU, { code: "process.kill(process.pid, 'SIGSEGV');" });
    expect(await probeTensorflow()).toMatchObject({
      works: false,
      reason: `${there}: it ends with SIGSEGV when it is loaded`,
    });
  });

  it('gives way to what sweep engine install installed', async () => {
    await fake(modules(), CPU);
    await mkdir(await engineFolder(), { recursive: true });
    const installation = { package: 'nothing-here', source: 'wheel', tensorflow: '2.21.0', cuda: null, cudnn: null };
    await writeFile(path.join(await engineFolder(), 'engine.json'), JSON.stringify(installation));
    expect(await probeTensorflow()).toMatchObject({
      works: false,
      reason: expect.stringContaining('nothing-here'),
      copy: null,
    });
  });
});

describe('a process of the run', () => {
  it('that stands elsewhere loads the package that was chosen', async () => {
    await fake(modules(), GPU, { throws: 'no CUDA' });
    await fake(modules(), CPU);
    await chooseEngine(WISH);
    expect(await started(folder)).toMatchObject({ name: 'tensorflow', variant: '2.9.1-fake', device: 'cpu' });
  });

  it('finds out which one loads where it was not told', async () => {
    await fake(modules(), GPU, { throws: 'no CUDA' });
    await fake(modules(), CPU);
    expect(await started(work)).toMatchObject({ name: 'tensorflow', variant: '2.9.1-fake' });
    await expect(started(folder)).rejects.toMatchObject({ stderr: expect.stringContaining('is not installed') });
  });
});

function modules(): string {
  return path.join(work, 'node_modules');
}

interface Fake {
  readonly named?: string;
  readonly version?: string;
  /** What it throws when it is loaded. */
  readonly throws?: string;
  readonly code?: string;
}

/** A tfjs-node that calculates by tfjs's CPU backend, with TensorFlow.js of another version below it that cannot be loaded. */
async function fake(root: string, name: string, { named = name, version = '4.22.0', ...does }: Fake = {}) {
  const there = path.join(root, name);
  for (const below of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    await writePackage(path.join(there, 'node_modules', below), {
      name: below,
      version: '3.0.0',
      code: "throw new Error('not ours');",
    });
  }
  const code = does.throws === undefined ? (does.code ?? BACKEND) : `throw new Error(${JSON.stringify(does.throws)});`;
  await writePackage(there, { name: named, version, code });
  return there;
}

const BACKEND = `
const tf = require('@tensorflow/tfjs');
if (require('@tensorflow/tfjs-core') !== tf) throw new Error('two copies');
if (tf.loadLayersModel === undefined) throw new Error('not whole');
const backend = tf.findBackendFactory('cpu')();
Object.assign(backend, { firstUse: false, isUsingGpuDevice: false, binding: { TF_Version: '2.9.1-fake' } });
tf.copyRegisteredKernels('cpu', 'tensorflow');
tf.registerBackend('tensorflow', () => backend, 3);
tf.setBackend('tensorflow');
`;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly code: string;
}

async function writePackage(there: string, { name, version, code }: Package): Promise<void> {
  await mkdir(there, { recursive: true });
  await writeFile(path.join(there, 'package.json'), JSON.stringify({ name, version, main: 'main.js' }));
  await writeFile(path.join(there, 'main.js'), code);
}

function sweep(...args: string[]) {
  return execa(process.execPath, [SWEEP, ...args], { env: { NO_COLOR: '1' } });
}

/** What the engine says of itself in a process with a worker's environment. */
async function started(cwd: string): Promise<unknown> {
  const script = `const { startEngine } = await import(${JSON.stringify(ENGINE)});
    console.log(JSON.stringify(await startEngine(${JSON.stringify(WISH)})));`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    env: workerEnvironment(process.env),
    extendEnv: false,
  });
  return JSON.parse(stdout);
}
