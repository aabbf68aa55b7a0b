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
import { fakeTfjsNode } from './fake-tfjs-node.js';

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
      await fakeTfjsNode(beside, GPU),
      await fakeTfjsNode(path.join(folder, 'node_modules'), CPU),
      await fakeTfjsNode(beside, CPU),
    ];
    expect(npmCopies([work, path.join(beside, 'sweepline')])).toEqual(places);
  });

  it('gives a package once that both see, by the name that links lead to', async () => {
    const there = await fakeTfjsNode(path.join(folder, 'elsewhere'), CPU);
    await mkdir(path.join(folder, 'node_modules', '@tensorflow'), { recursive: true });
    await symlink(there, path.join(folder, 'node_modules', CPU));
    expect(npmCopies([work, folder])).toEqual([there]);
  });

  it('takes no other package for one of them', async () => {
    const there = await fakeTfjsNode(path.join(folder, 'node_modules'), CPU, { named: 'something-else' });
    expect(await readNpmCopy(there)).toBeNull();
    expect(await readNpmCopy(folder)).toBeNull();
  });
});

describe('a package in the working directory', () => {
  it('is loaded with our TensorFlow.js, whatever lies below it', async () => {
    const there = await fakeTfjsNode(modules(), CPU);
    expect(await probeTensorflow()).toMatchObject({
      works: true,
      variant: '2.9.1-fake',
      gpu: false,
      cuda: null,
      copy: { package: CPU, folder: there },
    });
  });

  it('is taken for the GPU before the CPU', async () => {
    await fakeTfjsNode(modules(), CPU);
    const there = await fakeTfjsNode(modules(), GPU);
    const probe = await probeTensorflow();
    expect(probe).toMatchObject({ works: true, cuda: '11.2', copy: { package: GPU, folder: there }, warnings: [] });
  });

  it('is taken for the CPU where that for the GPU does not load, which is not kept silent', async () => {
    const there = await fakeTfjsNode(modules(), CPU);
    const broken = await fakeTfjsNode(modules(), GPU, { throws: 'libcudart.so.11.0: cannot open shared object file' });
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
    const there = await fakeTfjsNode(modules(), CPU, { version: '4.10.0' });
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
    const there = await fakeTfjsNode(modules(), CPU, { throws: 'the native addon can not be found' });
    const { stdout } = await sweep('doctor');
    expect(stdout).toContain(
      `${CPU} in ${there} does not load: the native addon can not be found; ` +
        '`sweep engine install tensorflow` installs one of its own',
    );
  });

  it('that ends its process is named with the signal', async () => {
    const there = await fakeTfjsNode(modules(), CPU, { code: "process.kill(process.pid, 'SIGSEGV');" });
    expect(await probeTensorflow()).toMatchObject({
      works: false,
      reason: `${there}: it ends with SIGSEGV when it is loaded`,
    });
  });

  it('gives way to what sweep engine install installed, unless it is named', async () => {
    const there = await fakeTfjsNode(modules(), CPU);
    await mkdir(await engineFolder(), { recursive: true });
    const installation = { package: 'nothing-here', source: 'wheel', tensorflow: '2.21.0', cuda: null, cudnn: null };
    await writeFile(path.join(await engineFolder(), 'engine.json'), JSON.stringify(installation));
    expect(await probeTensorflow()).toMatchObject({
      works: false,
      reason: expect.stringContaining('nothing-here'),
      copy: null,
    });
    process.env[FOLDER_VARIABLE] = there;
    expect(await probeTensorflow()).toMatchObject({ works: true, copy: { folder: there } });
  });
});

describe('a process of the run', () => {
  it('that stands elsewhere loads the package that was chosen', async () => {
    await fakeTfjsNode(modules(), GPU, { throws: 'no CUDA' });
    await fakeTfjsNode(modules(), CPU);
    await chooseEngine(WISH);
    expect(await started(folder)).toMatchObject({ name: 'tensorflow', variant: '2.9.1-fake', device: 'cpu' });
  });

  it('finds out which one loads where it was not told', async () => {
    await fakeTfjsNode(modules(), GPU, { throws: 'no CUDA' });
    await fakeTfjsNode(modules(), CPU);
    expect(await started(work)).toMatchObject({ name: 'tensorflow', variant: '2.9.1-fake' });
    await expect(started(folder)).rejects.toMatchObject({ stderr: expect.stringContaining('is not installed') });
  });
});

function modules(): string {
  return path.join(work, 'node_modules');
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
