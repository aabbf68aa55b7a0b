import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nodeTask } from './fake-cluster.js';
import { begun, completing, errorOf, firstThen, run, S } from './watched-run.js';

test('out of memory is called that, with the peak that sacct saw', async () => {
  const { cluster, folder } = await begun(2, { accounting: true });
  const { outcome } = await run(folder, {
    settings: { memory: '4G' },
    async on(event) {
      if (event.event !== 'submitted') return;
      for (const seed of [0, 1]) {
        const node = nodeTask(folder, 1, `${event.job}_${seed}`);
        await node.begin(S(seed));
        if (seed === 1) await node.end(S(1), 'killed', { peak: 5 * 2 ** 30 });
        const memory = seed === 0 ? '3984588K' : '';
        await cluster.task(`${event.job}_${seed}`, { state: 'OUT_OF_MEMORY', memory, exit: '0:125' });
      }
    },
  });
  expect(outcome.tally.killed).toBe(2);
  const text = 'took more than it may (executor.slurm.memory: 4G); its peak was';
  expect(await errorOf(folder, 0)).toBe(`killed TRIAL_OUT_OF_MEMORY: out of memory: its task 101_0 ${text} 3.80 GiB`);
  expect(await errorOf(folder, 1)).toBe(`killed TRIAL_OUT_OF_MEMORY: out of memory: its task 101_1 ${text} 5.00 GiB`);
});

test('a cancelled task says by whom; a resume goes on with its trial', async () => {
  const { cluster, folder } = await begun(2, { accounting: true });
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      for (const key of [`${event.job}_0`, `${event.job}_1`]) {
        await cluster.task(key, { state: 'CANCELLED', account: 'CANCELLED by 1000' });
      }
    },
  });
  expect(outcome).toMatchObject({ state: 'failed', tally: { cancelled: 2 } });
  expect(await errorOf(folder, 0)).toBe(
    'cancelled TRIAL_CANCELLED: its task 101_0 was cancelled by user 1000 (scancel)',
  );
  expect((await run(folder, { on: completing(cluster, folder) })).outcome.state).toBe('complete');
});

test('a trial that is retried while Slurm still lists its task waits for nothing more of that', async () => {
  const { cluster, folder } = await begun(1);
  const first = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      const node = nodeTask(folder, 1, `${event.job}_0`);
      await node.begin(S(0));
      await node.end(S(0), 'failed');
      await cluster.task(`${event.job}_0`, { state: 'COMPLETED' });
    },
  });
  expect(first.outcome.state).toBe('failed');
  const patienceMs = 1_000_000;
  const on = completing(cluster, folder);
  expect((await run(folder, { again: new Set([S(0)]), patienceMs, on })).outcome.state).toBe('complete');
  expect(await cluster.calls('sbatch')).toHaveLength(2);
});

test('a retry of the policy submits a cancelled trial again', async () => {
  const { cluster, folder } = await begun(1);
  const cancel = (job: string): Promise<void> => cluster.task(`${job}_0`, { state: 'CANCELLED' });
  const { outcome } = await run(folder, { policy: { retries: 1 }, on: firstThen(cancel, cluster, folder) });
  expect(outcome.state).toBe('complete');
});

test('a task that fails before its trial says so with the end of its log', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await writeFile(`${folder.path}/slurm/logs/${event.job}_0.log`, 'module: command not found\n');
      await cluster.task(`${event.job}_0`, { state: 'FAILED', exit: '127:0' });
    },
  });
  expect(outcome.tally.failed).toBe(1);
  expect(await errorOf(folder, 0)).toBe(
    'failed WORKER_START: its task 101_0 ended (FAILED on node1) before it began:\nmodule: command not found',
  );
});

test('a result that a shared file system shows late is waited for', async () => {
  const { cluster, folder } = await begun(1);
  let looks = 0;
  const { outcome } = await run(folder, {
    patienceMs: 20_000,
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'COMPLETED' });
      looks = (await cluster.calls('squeue')).length;
      // Seen after the cluster has been asked a few more times.
      while ((await cluster.calls('squeue')).length < looks + 3) await pause(10);
      await nodeTask(folder, 1, `${event.job}_0`).end(S(0), 'complete');
    },
  });
  expect(outcome.state).toBe('complete');
});
