import { expect, test } from 'vitest';
import { nodeTask } from './fake-cluster.js';
import { begun, errorOf, firstThen, run, S } from './watched-run.js';

test('a trial whose node failed is submitted again, as often as max_requeues says', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome, events } = await run(folder, {
    settings: { max_requeues: 2 },
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, Number(event.job) - 100, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'NODE_FAIL' });
    },
  });
  expect(outcome.tally.killed).toBe(1);
  expect(await errorOf(folder, 0)).toBe(
    'killed SLURM_LOST: its task 103_0 was lost (NODE_FAIL on node1), again (executor.slurm.max_requeues)',
  );
  expect(events.filter(({ event }) => event === 'retrying')).toMatchObject([
    { attempt: 2, reason: 'its task 101_0 was lost (NODE_FAIL on node1)' },
    { attempt: 3 },
  ]);
});

test.each([
  ['preempted', 'PREEMPTED'],
  ['timed out without a word', 'TIMEOUT'],
  ['forgotten, and nobody keeps accounts', 'FORGOTTEN'],
])('a trial goes on whose task was %s', async (_, state) => {
  const { cluster, folder } = await begun(1);
  const lose = async (job: string): Promise<void> => {
    await nodeTask(folder, 1, `${job}_0`).begin(S(0));
    await cluster.task(`${job}_0`, { state });
  };
  const { outcome } = await run(folder, { on: firstThen(lose, cluster, folder) });
  expect(outcome).toMatchObject({ state: 'complete' });
  expect(await cluster.calls('sbatch')).toHaveLength(2);
});

test('a task that stopped before its time limit and could not be requeued is submitted again', async () => {
  const { cluster, folder } = await begun(1);
  const stop = async (job: string): Promise<void> => {
    const node = nodeTask(folder, 1, `${job}_0`);
    await node.begin(S(0));
    await node.end(S(0), 'cancelled', { stopped: 'time-limit' });
    await cluster.task(`${job}_0`, { state: 'COMPLETED' });
  };
  const { outcome, events } = await run(folder, { on: firstThen(stop, cluster, folder) });
  expect(outcome.state).toBe('complete');
  expect(events.find(({ event }) => event === 'retrying')).toMatchObject({
    reason: 'its task 101_0 reached its time limit',
  });
});

test('a task that Slurm starts again is followed, not replaced', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome, events } = await run(folder, {
    async on(event) {
      const node = nodeTask(folder, 1, '101_0');
      if (event.event === 'submitted') {
        await node.begin(S(0));
        await node.epoch(S(0), 1);
        await node.end(S(0), 'cancelled', { stopped: 'signal' });
        await cluster.task('101_0', { state: 'RUNNING' });
      }
      if (event.event === 'started' && event.attempt === 1) {
        await cluster.task('101_0', { state: 'PENDING', reason: 'BeginTime' });
      }
      if (event.event === 'cluster' && event.message.includes('BeginTime')) {
        await node.begin(S(0));
        await node.end(S(0), 'complete');
        await cluster.task('101_0', { state: 'COMPLETED' });
      }
    },
  });
  expect(outcome.state).toBe('complete');
  expect(events.filter(({ event }) => event === 'started')).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('a task that ended without a trace is lost once the wait is over', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'COMPLETED' });
    },
  });
  expect(await errorOf(folder, 0)).toBe(
    'failed WORKER_LOST: its task 101_0 ended (COMPLETED on node1) without a result',
  );
});
