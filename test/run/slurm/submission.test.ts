import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { nodeTask } from './fake-cluster.js';
import { begun, completing, journal, run, S } from './watched-run.js';

test('trials become the tasks of one array, and their stories the journal', async () => {
  const { cluster, folder } = await begun(2);
  const { outcome, events } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      const node = nodeTask(folder, 1, `${event.job}_0`);
      await node.begin(S(0));
      await node.epoch(S(0), 1);
      await node.end(S(0), 'complete');
      const second = nodeTask(folder, 1, `${event.job}_1`);
      await second.begin(S(1));
      await second.end(S(1), 'diverged');
      for (const key of [`${event.job}_0`, `${event.job}_1`]) await cluster.task(key, { state: 'COMPLETED' });
    },
  });
  expect(outcome).toMatchObject({ state: 'failed', tally: { complete: 1, diverged: 1 } });
  expect(await journal(folder)).toEqual([
    'run-started',
    'queued s0',
    'queued s1',
    'submitted',
    'started s0',
    'epoch s0',
    'finished s0 complete',
    'started s1',
    'finished s1 diverged',
    'run-finished failed',
  ]);
  expect(events.find(({ event }) => event === 'submitted')).toMatchObject({ job: '101', tasks: 2, trials: 2 });
  const started = (await folder.readJournal()).find(({ event }) => event === 'started');
  expect(started).toMatchObject({ job: '101_0', host: 'node1', attempt: 1 });
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('one call of squeue asks for the tasks of all arrays, which are split at the largest size', async () => {
  const { cluster, folder } = await begun(5, { maxArraySize: 2 });
  const { outcome } = await run(folder, { on: completing(cluster, folder) });
  expect(outcome.tally.complete).toBe(5);
  const submitted = await cluster.calls('sbatch');
  const arrays = submitted.map(({ args }) => args.find((arg) => arg.startsWith('--array')));
  expect(arrays).toEqual(['--array=0-1', '--array=0-1', '--array=0-0']);
  const asked = (await cluster.calls('squeue')).map(({ args }) => args.find((arg) => arg.startsWith('--jobs')));
  expect(asked).toContain('--jobs=101,102,103');
});

test('short trials share tasks, and a limit on tasks at once holds over all arrays', async () => {
  const { cluster, folder } = await begun(6, { maxArraySize: 2 });
  const settings = { max_parallel: 3, min_task_minutes: 1 };
  const { outcome } = await run(folder, { seconds: 30, settings, on: completing(cluster, folder) });
  expect(outcome.tally.complete).toBe(6);
  const { tasks } = JSON.parse(await readFile(`${folder.path}/slurm/array-1.json`, 'utf8'));
  expect(tasks).toEqual([
    [S(0), S(1)],
    [S(2), S(3)],
  ]);
  const [first, second] = await cluster.calls('sbatch');
  expect(first!.args).toContain('--array=0-1%3');
  expect(second!.args).toContain('--dependency=afterany:101');
});

test('a submission whose answer was lost is found by its name', async () => {
  const { cluster, folder } = await begun(1, { refuse: [{ lost: true }] });
  const { outcome } = await run(folder, { on: completing(cluster, folder) });
  expect(outcome.state).toBe('complete');
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('what the cluster has no room for is submitted once it has', async () => {
  const busy = "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
  const { cluster, folder } = await begun(2, { maxArraySize: 1, refuse: [null, busy] });
  const { outcome, said } = await run(folder, { on: completing(cluster, folder) });
  expect(said).toContain(`the cluster does not take more jobs now: Batch job submission failed: ${busy}`);
  expect(outcome.state).toBe('complete');
});

test('a job that sbatch refuses ends the run with its words and what to do', async () => {
  const { folder } = await begun(1, { refuse: ['Invalid partition name specified'] });
  const refused = await run(folder).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'SLURM_REFUSED',
    message: 'sbatch refused the job: Batch job submission failed: Invalid partition name specified',
    hint: 'executor.slurm.partition: there is all, long',
  });
});

test('logs that say nothing are removed', async () => {
  const { cluster, folder } = await begun(1);
  const finish = completing(cluster, folder);
  await run(folder, {
    async on(event) {
      if (event.event === 'submitted') await writeFile(`${folder.path}/slurm/logs/${event.job}_0.log`, '');
      await finish(event);
    },
  });
  expect(await readdir(`${folder.path}/slurm/logs`)).toEqual([]);
  expect((await stat(`${folder.path}/slurm/array-1.sh`)).isFile()).toBe(true);
});
