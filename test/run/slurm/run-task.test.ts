import { readFile, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { localLauncher } from '../../../src/run/executors/local.js';
import { runTask, type TaskStop } from '../../../src/run/executors/slurm/run-task.js';
import { writeArray } from '../../../src/run/executors/slurm/slurm-folder.js';
import { type StopReason, storyEvents } from '../../../src/run/executors/slurm/trial-story.js';
import type { RunFolder } from '../../../src/run/run-folder.js';
import { fakeWorker, type Scripts, sampleRun, sampleTrial } from '../sample-run.js';
import { fakeCluster, nodeTask } from './fake-cluster.js';

const S = (seed: number): string => `001-lstm-s${seed}`;

/** A run whose one array has one task with so many trials. */
async function array(trials: number, scripts: Scripts = {}, maxRequeues = 3): Promise<RunFolder> {
  const folder = await sampleRun(trials, scripts);
  const seeds = Array.from({ length: trials }, (_, seed) => seed);
  for (const seed of seeds) {
    await folder.prepareTrial({ schema: 1, trial: sampleTrial(seed), working_directory: '/work' });
  }
  await writeArray(folder, { schema: 1, array: 1, tasks: [seeds.map(S)], max_requeues: maxRequeues }, '');
  return folder;
}

function stopSwitch(): TaskStop & { stop(reason: StopReason): void } {
  const listeners = new Set<() => void>();
  let reason: StopReason | null = null;
  return {
    get reason() {
      return reason;
    },
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop(why) {
      reason = why;
      for (const listener of listeners) listener();
    },
  };
}

async function task(folder: RunFolder, stop: TaskStop = stopSwitch(), patienceMs = 50): Promise<void> {
  const launcher = localLauncher({ worker: fakeWorker });
  await runTask({ folder, array: 1, index: 0, job: '101_0', launcher, patienceMs }, stop);
}

async function story(folder: RunFolder, seed: number): Promise<readonly string[]> {
  const text = await readFile(`${folder.trial(S(seed)).path}/events.ndjson`, 'utf8').catch(() => '');
  return storyEvents(text.split('\n')).map((event) => {
    if (event.event !== 'ended') return event.event;
    return `ended ${event.state}${event.stopped === undefined ? '' : ` ${event.stopped}`}`;
  });
}

async function state(folder: RunFolder, seed: number) {
  const result = await folder.readResult(sampleTrial(seed));
  return result === null ? null : `${result.state}${result.error === undefined ? '' : ` ${result.error.code}`}`;
}

/** Stops the task once a trial has told an epoch. */
async function stopped(folder: RunFolder, seed: number, reason: StopReason): Promise<void> {
  const stop = stopSwitch();
  const ended = task(folder, stop);
  while (!(await story(folder, seed)).includes('epoch')) await new Promise((done) => setImmediate(done));
  stop.stop(reason);
  await ended;
}

const SAVING: Scripts = { default: [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }] };

test('a task runs its trials one after the other, whatever their fates', async () => {
  const folder = await array(3, { [S(1)]: [{ do: 'fail', message: 'no' }] });
  await task(folder);
  expect(await story(folder, 0)).toEqual(['started', 'ended complete']);
  expect(await story(folder, 1)).toEqual(['started', 'ended failed']);
  expect(await state(folder, 2)).toBe('complete');
});

test('a task that starts again passes over what has ended', async () => {
  const folder = await array(2);
  await nodeTask(folder, 1, '101_0').result(S(0), 'complete');
  await task(folder);
  expect(await story(folder, 0)).toEqual([]);
  expect(await state(folder, 1)).toBe('complete');
});

test('before its time limit a task lets its trial save, and asks Slurm to start it again', async () => {
  const cluster = await fakeCluster({ noRequeue: true });
  const folder = await array(2, SAVING);
  await stopped(folder, 0, 'time-limit');
  expect(await story(folder, 0)).toEqual(['started', 'epoch', 'ended cancelled time-limit']);
  expect(await story(folder, 1)).toEqual([]);
  expect((await cluster.calls('scontrol')).map(({ args }) => args)).toEqual([['requeue', '101_0']]);
});

test('a trial that has had its requeues is killed, and the task is not started again for it', async () => {
  const cluster = await fakeCluster({ noRequeue: true });
  const folder = await array(1, SAVING, 0);
  await stopped(folder, 0, 'time-limit');
  expect(await state(folder, 0)).toBe('killed SLURM_TIME_LIMIT');
  expect(await cluster.calls('scontrol')).toEqual([]);
});

test('a task that Slurm ends lets its trial save and starts no other', async () => {
  const folder = await array(2, SAVING);
  await stopped(folder, 0, 'signal');
  expect(await story(folder, 0)).toEqual(['started', 'epoch', 'ended cancelled signal']);
  expect(await story(folder, 1)).toEqual([]);
});

test('a trial that lost its node too often is not begun again', async () => {
  const folder = await array(2, {}, 1);
  const node = nodeTask(folder, 1, '101_0');
  await node.begin(S(0));
  await node.begin(S(0));
  await task(folder);
  expect(await state(folder, 0)).toBe('killed SLURM_LOST');
  expect(await state(folder, 1)).toBe('complete');
});

test('a trial that is to be cancelled is not begun, and one that runs is stopped', async () => {
  const folder = await array(3, { [S(1)]: SAVING.default! });
  await writeFile(`${folder.trial(S(0)).path}/cancel`, '');
  const ended = task(folder);
  while (!(await story(folder, 1)).includes('epoch')) await new Promise((done) => setImmediate(done));
  await writeFile(`${folder.trial(S(1)).path}/cancel`, '');
  await ended;
  expect(await story(folder, 0)).toEqual([]);
  expect(await story(folder, 1)).toEqual(['started', 'epoch', 'ended cancelled cancelled']);
  expect(await state(folder, 2)).toBe('complete');
});

test('files that a shared file system shows late are waited for', async () => {
  const folder = await array(1);
  const { config } = folder.trial(S(0));
  const text = await readFile(config, 'utf8');
  await rm(config);
  const ended = task(folder, stopSwitch(), 20_000);
  await writeFile(config, text);
  await ended;
  expect(await state(folder, 0)).toBe('complete');
});

test('files that never come are an error that says where they must be', async () => {
  const folder = await array(1);
  await rm(folder.trial(S(0)).config);
  await expect(task(folder)).rejects.toMatchObject({ code: 'SLURM_FILES' });
});

test('a task whose orders were taken back does nothing', async () => {
  const folder = await array(1);
  await rm(`${folder.path}/slurm/array-1.json`);
  await task(folder);
  expect(await story(folder, 0)).toEqual([]);
});
