import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineConfig } from '../../src/plan/trial-config.js';
import { createRun } from '../../src/run/create-run.js';
import { takeEarlierResults } from '../../src/run/earlier-results.js';
import { executeRun, type RunExecution } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { slurmSettings } from '../../src/run/executors/slurm/settings.js';
import { slurmExecutor } from '../../src/run/executors/slurm/slurm-executor.js';
import { createInterruption } from '../../src/run/interruption.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { errorsOf, runSchema } from '../run-schema.js';
import { fakeWorker, sampleInfo, samplePlan, sampleRun, sampleTrial } from './sample-run.js';
import { fakeCluster, nodeTask } from './slurm/fake-cluster.js';

interface Variant {
  readonly properties: { readonly event: { readonly const: string }; readonly [key: string]: unknown };
}

/** By event, the keys of the lines that real runs wrote. */
const seen = new Map<string, Set<string>>();

/** Holds all that a run wrote down of itself to the schema. */
async function check(folder: RunFolder): Promise<void> {
  for (const line of await folder.readJournal()) {
    expect(errorsOf('journalEvent', line), JSON.stringify(line)).toEqual([]);
    seen.set(line.event, new Set([...(seen.get(line.event) ?? []), ...Object.keys(line)]));
  }
  expect(errorsOf('run', await folder.readInfo())).toEqual([]);
}

async function execute(folder: RunFolder, more: Partial<RunExecution> = {}): Promise<void> {
  await executeRun({
    folder,
    jobs: 1,
    executor: localExecutor({ worker: fakeWorker }),
    interruption: createInterruption(),
    emit: () => undefined,
    ...more,
  });
  await check(folder);
}

test('runs here write what the schema says: on GPUs, failed, skipped, stopped, killed and tried again, reused', async () => {
  const engine: EngineConfig = { name: 'tensorflow', device: 'gpu', variant: null };
  const trials = [0, 1].map((seed) => ({ ...sampleTrial(seed), config: { ...sampleTrial(seed).config, engine } }));
  const first = await sampleRun(
    { ...samplePlan(0), trials },
    {
      default: [{ do: 'epoch', epoch: 1 }, { do: 'complete' }],
      '001-lstm-s1': [{ do: 'signal-times', signal: 'SIGKILL', times: 1 }, { do: 'complete' }],
    },
  );
  const gpus = { names: ['0'], trials_per_gpu: 1 };
  await execute(first, { policy: { gpus, retries: 1, backOff: () => 1 } });

  const runsFolder = join(first.path, '..');
  const plan = samplePlan(2);
  const second = await createRun({ runsFolder, plan, pipeline: 'name: sample\n', info: sampleInfo });
  expect(await takeEarlierResults(second, plan, runsFolder)).toHaveLength(2);
  await execute(second);

  const failing = await sampleRun(3, { default: [{ do: 'fail', message: 'lost' }] });
  await execute(failing, { policy: { maxFailures: 1 } });

  const interruption = createInterruption();
  interruption.request('SIGINT');
  await execute(await sampleRun(1), { interruption });
});

test('runs on a cluster write what the schema says: followed to the end, and left', async () => {
  const cluster = await fakeCluster();
  const folder = await sampleRun(2);
  const on = async (event: RunEvent): Promise<void> => {
    if (event.event !== 'submitted') return;
    for (const seed of [0, 1]) {
      const node = nodeTask(folder, 1, `${event.job}_${seed}`);
      await node.begin(`001-lstm-s${seed}`);
      await node.epoch(`001-lstm-s${seed}`, 1);
      await node.end(`001-lstm-s${seed}`, seed === 0 ? 'complete' : 'diverged');
      await cluster.task(`${event.job}_${seed}`, { state: 'COMPLETED' });
    }
  };
  const executor = (detach: boolean) =>
    slurmExecutor({
      settings: slurmSettings(),
      cache: '/cache',
      seconds: () => null,
      detach,
      pace: { firstMs: 20, mostMs: 100, patienceMs: 60, busyMs: 20 },
    });
  await execute(folder, { executor: executor(false), emit: on });
  await execute(await sampleRun(1), { executor: executor(true) });
});

test('the schema has no event and no key that no run writes', () => {
  const variants = runSchema.$defs.journalEvent.oneOf as readonly Variant[];
  for (const { properties } of variants) {
    const written = [...(seen.get(properties.event.const) ?? [])].sort();
    expect(written, properties.event.const).toEqual(Object.keys(properties).sort());
  }
});
