import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineFolder, readInstallation } from '../../../src/engine/tensorflow/installation.js';
import { chooseEngine } from '../../../src/run/choose-engine.js';

const here = await readInstallation(await engineFolder());
const before = process.env.SWEEPLINE_CACHE;
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'sweepline-choose-'));
  process.env.SWEEPLINE_CACHE = cache;
});
afterEach(async () => {
  restore();
  await rm(cache, { recursive: true });
});

describe('where TensorFlow is not installed', () => {
  it('says how to install it when it is asked for', async () => {
    await expect(chooseEngine({ name: 'tensorflow', device: 'any', variant: null })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      hint: '`sweep engine install tensorflow` installs it',
    });
  });

  it('says so when auto is to find a GPU', async () => {
    await expect(chooseEngine({ name: 'auto', device: 'gpu', variant: null })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      hint: '`sweep engine install tensorflow --gpu` installs it',
    });
  });
});

describe('where the installed TensorFlow does not load', () => {
  beforeEach(async () => {
    await mkdir(await engineFolder(), { recursive: true });
    const installation = { package: 'nothing-here', source: 'wheel', tensorflow: '2.21.0', cuda: '12.5', cudnn: '9' };
    await writeFile(path.join(await engineFolder(), 'engine.json'), JSON.stringify(installation));
  });

  it('says why when it is asked for', async () => {
    await expect(chooseEngine({ name: 'tensorflow', device: 'any', variant: null })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining("Cannot find module 'nothing-here'"),
    });
  });

  it('leaves auto with an engine of the CPU', async () => {
    const { engine } = await chooseEngine({ name: 'auto', device: 'any', variant: null });
    expect(engine.name).toMatch(/^(native|wasm)$/);
  });
});

describe.skipIf(here === null)('where TensorFlow is installed', () => {
  beforeEach(restore);

  it('warns of a trial that would calculate on the CPU unasked', async () => {
    const any = await chooseEngine({ name: 'tensorflow', device: 'any', variant: null });
    const cpu = await chooseEngine({ name: 'tensorflow', device: 'cpu', variant: null });
    expect(any.warnings.length).toBeLessThanOrEqual(1);
    const engine = { name: 'tensorflow', device: 'cpu', variant: null };
    expect(cpu).toEqual({ engine, gpu: false, warnings: [] });
  });
});

function restore(): void {
  if (before === undefined) delete process.env.SWEEPLINE_CACHE;
  else process.env.SWEEPLINE_CACHE = before;
}
