import { expect, test } from 'vitest';
import { packTasks } from '../../../src/run/executors/slurm/pack-tasks.js';
import { slurmSettings, timeSeconds } from '../../../src/run/executors/slurm/settings.js';
import { sampleTrial } from '../sample-run.js';

function packed(seconds: readonly (number | null)[], limits: { min?: number; max?: number } = {}) {
  const { min = 100, max = Number.POSITIVE_INFINITY } = limits;
  const trials = seconds.map((_, seed) => sampleTrial(seed));
  const packing = { seconds: ({ seed }: { seed: number }) => seconds[seed]!, minSeconds: min, maxSeconds: max };
  return packTasks(trials, packing).map((task) => task.map(({ seed }) => seed));
}

test('short trials share a task until it is long enough', () => {
  expect(packed([40, 40, 40, 40])).toEqual([[0, 1, 2], [3]]);
});

test('long trials have tasks of their own and come first', () => {
  expect(packed([40, 300, 60, 100])).toEqual([[1], [3], [2, 0]]);
});

test('a trial of which nobody knows how long it takes has a task of its own', () => {
  expect(packed([null, 10, null])).toEqual([[0], [2], [1]]);
});

test('no task is filled beyond what its time limit allows', () => {
  expect(packed([40, 40, 40, 40], { max: 80 })).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('a least time of 0 gives every trial a task of its own', () => {
  expect(packed([1, 1], { min: 0 })).toEqual([[0], [1]]);
});

test.each([
  ['90', 5400],
  ['90:30', 5430],
  ['02:00:00', 7200],
  ['1-12', 129_600],
  ['1-12:30', 131_400],
  ['1-12:30:15', 131_415],
])('a time of %s is %i seconds, as sbatch reads it', (text, seconds) => {
  expect(timeSeconds(text)).toBe(seconds);
});

test('settings of the pipeline go before those of the user, key by key', () => {
  const user = { partition: 'gpu', account: 'lab' };
  expect(slurmSettings(user, { partition: 'cpu' })).toEqual({
    partition: 'cpu',
    account: 'lab',
    gpus: 0,
    cpus: 1,
    setup: [],
    min_task_minutes: 5,
    max_requeues: 3,
  });
});
