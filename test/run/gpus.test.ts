import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EngineConfig, TrialConfig } from '../../src/plan/trial-config.js';
import { executeRun } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { findGpus, type GpuShare } from '../../src/run/gpus.js';
import { createInterruption } from '../../src/run/interruption.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeWorker, type Scripts, sampleFolder, samplePlan, sampleRun, scriptWorkers } from './sample-run.js';

const onEngine = (engine: Partial<EngineConfig>) => ({ config: { engine } as unknown as TrialConfig });
const TENSORFLOW = [onEngine({ name: 'tensorflow', device: 'any' })];

/** An environment whose nvidia-smi prints this, or that has none. */
async function machine(nvidiaSmi: string | null, more: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const folder = await sampleFolder();
  if (nvidiaSmi !== null) {
    const path = join(folder, 'nvidia-smi');
    await writeFile(path, `#!/bin/sh\n${nvidiaSmi}\n`);
    await chmod(path, 0o755);
  }
  return { PATH: folder, ...more };
}
const TWO = `echo '0, GPU-1111-aaaa, NVIDIA H100'\necho '1, GPU-2222-bbbb, NVIDIA A100'`;

describe('GPUs that are asked for', () => {
  test('are all that nvidia-smi lists, or those of these numbers', async () => {
    const environment = await machine(TWO);
    expect(await findGpus('auto', TENSORFLOW, environment)).toEqual(['0', '1']);
    expect(await findGpus([1], TENSORFLOW, environment)).toEqual(['1']);
  });

  test('are asked of nvidia-smi in words of its own', async () => {
    const environment = await machine(`printf '%s\\n' "$@" > "$HEARD"\n${TWO}`, {});
    const heard = join(environment.PATH!, 'heard');
    await findGpus('auto', TENSORFLOW, { ...environment, HEARD: heard });
    expect((await readFile(heard, 'utf8')).split('\n')).toEqual([
      '--query-gpu=index,uuid,name',
      '--format=csv,noheader',
      '',
    ]);
  });

  test('are counted among those that CUDA_VISIBLE_DEVICES leaves visible', async () => {
    expect(await findGpus('auto', TENSORFLOW, await machine(TWO, { CUDA_VISIBLE_DEVICES: '1' }))).toEqual(['1']);
    const uuids = await machine(TWO, { CUDA_VISIBLE_DEVICES: 'GPU-2222,GPU-1111' });
    expect(await findGpus([0], TENSORFLOW, uuids)).toEqual(['GPU-2222']);
    expect(await findGpus('auto', TENSORFLOW, await machine(TWO, { CUDA_VISIBLE_DEVICES: '0,7,1' }))).toEqual(['0']);
    await expect(
      findGpus('auto', TENSORFLOW, await machine(TWO, { CUDA_VISIBLE_DEVICES: '-1' })),
    ).rejects.toMatchObject({
      code: 'GPUS_NONE',
      message: 'GPUs were asked for, and none is found: CUDA_VISIBLE_DEVICES is "-1", which leaves none visible',
    });
  });

  test('are refused where one is not there, and those that are there are named', async () => {
    await expect(findGpus([0, 5], TENSORFLOW, await machine(TWO))).rejects.toMatchObject({
      code: 'GPUS_MISSING',
      message: 'expected GPUs that are here, found 5: there is 0 (NVIDIA H100), 1 (NVIDIA A100)',
    });
  });

  test('are refused with the reason where there is no GPU', async () => {
    await expect(findGpus('auto', TENSORFLOW, await machine(null))).rejects.toMatchObject({
      message: 'GPUs were asked for, and none is found: there is no nvidia-smi here',
    });
    const failing = await machine('echo "NVIDIA-SMI has failed: no driver"; exit 9');
    await expect(findGpus([0], TENSORFLOW, failing)).rejects.toMatchObject({
      message: 'GPUs were asked for, and none is found: nvidia-smi says: NVIDIA-SMI has failed: no driver',
    });
  });

  test('are refused for engines that use none', async () => {
    const trials = [onEngine({ name: 'native', device: 'any' }), onEngine({ name: 'tensorflow', device: 'cpu' })];
    await expect(findGpus('auto', trials, await machine(TWO))).rejects.toMatchObject({
      code: 'GPUS_UNUSED',
      message: 'GPUs were asked for, and no trial uses one: the engine is native, tensorflow on the CPU',
    });
  });
});

/** A run of trials on these engines, in turn. */
async function gpuRun(trials: number, scripts: Scripts, engines: readonly EngineConfig['name'][] = ['tensorflow']) {
  const plan = samplePlan(trials);
  const withEngines = plan.trials.map((trial, n) => {
    const engine = { name: engines[n % engines.length]!, device: 'any', variant: null } as const;
    return { ...trial, config: { ...trial.config, engine } };
  });
  return sampleRun({ ...plan, trials: withEngines }, scripts);
}

async function execute(folder: RunFolder, gpus: GpuShare, { jobs = 8, retries = 0 } = {}) {
  const events: RunEvent[] = [];
  const outcome = await executeRun({
    folder,
    jobs,
    executor: localExecutor({ worker: fakeWorker, jobs }),
    interruption: createInterruption(),
    policy: { gpus, retries, backOff: () => 1 },
    emit: (event) => events.push(event),
  });
  return { outcome, events };
}

/** CUDA_VISIBLE_DEVICES of a trial's worker. */
async function visibleTo(folder: RunFolder, seed: number): Promise<string | undefined> {
  const text = await readFile(join(folder.trial(`001-lstm-s${seed}`).path, 'environment.json'), 'utf8');
  return JSON.parse(text).CUDA_VISIBLE_DEVICES;
}

/** The most trials that ran at once on each GPU, as the run told it. */
function mostAtOnce(events: readonly RunEvent[]): Record<string, number> {
  const of = new Map<string, string>();
  const running = new Map<string, number>();
  const most: Record<string, number> = {};
  for (const event of events) {
    if (event.event === 'started') {
      const gpu = event.gpu ?? 'none';
      of.set(event.trial, gpu);
      running.set(gpu, (running.get(gpu) ?? 0) + 1);
      most[gpu] = Math.max(most[gpu] ?? 0, running.get(gpu)!);
    }
    if (event.event === 'finished') running.set(of.get(event.trial)!, running.get(of.get(event.trial)!)! - 1);
  }
  return most;
}

describe('a run that deals GPUs', () => {
  const TOLD = [{ do: 'environment' }, { do: 'complete' }];

  test('shows each worker one GPU, and no GPU more trials than it may have', async () => {
    const folder = await gpuRun(6, { default: TOLD });
    const { outcome, events } = await execute(folder, { names: ['0', '1'], trials_per_gpu: 1 });
    expect(outcome.state).toBe('complete');
    expect(mostAtOnce(events)).toEqual({ 0: 1, 1: 1 });
    for (const event of events) {
      if (event.event !== 'started') continue;
      expect(await visibleTo(folder, Number(event.trial.slice(-1)))).toBe(event.gpu);
    }
    const started = (await folder.readJournal()).flatMap((line) => (line.event === 'started' ? [line.gpu] : []));
    expect(started.slice(0, 2)).toEqual(['0', '1']);
  });

  test('runs several trials on each where that is asked for, on the least used first', async () => {
    const folder = await gpuRun(4, {});
    const release = join(folder.path, 'go');
    await scriptWorkers(dirname(dirname(folder.path)), {
      default: [{ do: 'ready' }, { do: 'wait', for: release }, { do: 'complete' }],
    });
    let started = 0;
    const events: RunEvent[] = [];
    await executeRun({
      folder,
      jobs: 4,
      executor: localExecutor({ worker: fakeWorker, jobs: 4 }),
      interruption: createInterruption(),
      policy: { gpus: { names: ['0', '1'], trials_per_gpu: 2 } },
      emit(event) {
        events.push(event);
        if (event.event === 'started' && ++started === 4) void appendFile(release, '');
      },
    });
    const dealt = events.flatMap((event) => (event.event === 'started' ? [event.gpu] : []));
    expect(dealt).toEqual(['0', '1', '0', '1']);
  });

  test('gives a retried trial a GPU again', async () => {
    const steps = [{ do: 'environment' }, { do: 'signal-times', signal: 'SIGKILL', times: 1 }, { do: 'complete' }];
    const folder = await gpuRun(3, { default: steps });
    const { outcome, events } = await execute(folder, { names: ['0', '1'], trials_per_gpu: 1 }, { retries: 1 });
    expect(outcome.tally.complete).toBe(3);
    const starts = events.filter(({ event }) => event === 'started');
    expect(starts).toHaveLength(6);
    expect(starts.every((event) => event.event === 'started' && ['0', '1'].includes(event.gpu!))).toBe(true);
  });

  test('lets trials on the CPU run beside them, with all that their environment has', async () => {
    const folder = await gpuRun(4, { default: TOLD }, ['tensorflow', 'native']);
    const { outcome, events } = await execute(folder, { names: ['3'], trials_per_gpu: 1 });
    expect(outcome.state).toBe('complete');
    expect(mostAtOnce(events)[3]).toBe(1);
    expect(await visibleTo(folder, 0)).toBe('3');
    expect(await visibleTo(folder, 1)).toBe(process.env.CUDA_VISIBLE_DEVICES);
  });

  test('deals them again when it is resumed', async () => {
    const folder = await gpuRun(2, { default: [{ do: 'signal', signal: 'SIGKILL' }] });
    const gpus = { names: ['GPU-1111'], trials_per_gpu: 1 };
    expect((await execute(folder, gpus)).outcome.tally.killed).toBe(2);
    await scriptWorkers(dirname(dirname(folder.path)), { default: TOLD });
    expect((await execute(folder, gpus)).outcome.state).toBe('complete');
    expect(await visibleTo(folder, 1)).toBe('GPU-1111');
  });
});
