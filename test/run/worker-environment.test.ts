import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { EngineConfig } from '../../src/plan/trial-config.js';
import { executeRun } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { createInterruption } from '../../src/run/interruption.js';
import { fakeWorker, samplePlan, sampleRun, sampleTrial } from './sample-run.js';

afterEach(() => {
  delete process.env.MALLOC_TRIM_THRESHOLD_;
  delete process.env.A_SECRET;
});

/** What the workers of two trials see of the environment: the first on TensorFlow, the second on the native engine. */
async function environments(): Promise<readonly NodeJS.ProcessEnv[]> {
  const trials = (['tensorflow', 'native'] as const).map((name, seed) => {
    const engine: EngineConfig = { name, device: 'cpu', variant: null };
    return { ...sampleTrial(seed), config: { ...sampleTrial(seed).config, engine } };
  });
  const folder = await sampleRun(
    { ...samplePlan(0), trials },
    { default: [{ do: 'environment' }, { do: 'complete' }] },
  );
  await executeRun({
    folder,
    jobs: 1,
    executor: localExecutor({ worker: fakeWorker }),
    interruption: createInterruption(),
    emit: () => undefined,
  });
  return Promise.all(
    trials.map(async ({ id }) => JSON.parse(await readFile(join(folder.trial(id).path, 'environment.json'), 'utf8'))),
  );
}

test('workers are told where things are, and no secrets', async () => {
  process.env.A_SECRET = 'hush';
  for (const environment of await environments()) {
    expect(environment.PATH).toBe(process.env.PATH);
    expect(environment).not.toHaveProperty('A_SECRET');
  }
});

test("TensorFlow's workers keep the memory of their tensors, unless the user says otherwise", async () => {
  const [tensorflow, native] = await environments();
  expect(tensorflow).toMatchObject({ MALLOC_MMAP_THRESHOLD_: '4000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' });
  expect(native).not.toHaveProperty('MALLOC_MMAP_THRESHOLD_');
  process.env.MALLOC_TRIM_THRESHOLD_ = '1000';
  expect((await environments())[0]).toMatchObject({
    MALLOC_MMAP_THRESHOLD_: '4000000000',
    MALLOC_TRIM_THRESHOLD_: '1000',
  });
});
