import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readStatus } from '../../../src/run/run-status.js';
import { nodeTask } from './fake-cluster.js';
import { begun, completing, journal, run, S } from './watched-run.js';

test('a controller that is away is told once, and nothing is lost', async () => {
  const { cluster, folder } = await begun(1);
  const finish = completing(cluster, folder);
  const { outcome, said } = await run(folder, {
    async on(event) {
      if (event.event === 'submitted') {
        await cluster.rule({ away: true });
        await finish(event);
      }
      if (event.event === 'cluster') await cluster.rule({});
    },
  });
  expect(outcome.state).toBe('complete');
  expect(said.filter((text) => text.includes('does not answer'))).toHaveLength(1);
});

test('a run that is left goes on, and who comes back finds what happened meanwhile', async () => {
  const { cluster, folder } = await begun(3);
  const { outcome } = await run(folder, { detach: true });
  expect(outcome).toMatchObject({ state: 'detached', tally: { pending: 3 } });
  const node = nodeTask(folder, 1, '101_0');
  await node.begin(S(0));
  await node.end(S(0), 'complete');
  await cluster.task('101_0', { state: 'COMPLETED' });
  await nodeTask(folder, 1, '101_1').begin(S(1));
  await cluster.task('101_1', { state: 'RUNNING' });
  const status = await readStatus(folder);
  expect(status).toMatchObject({
    state: 'detached',
    tally: { complete: 1, pending: 2 },
    running: [{ trial: S(1) }],
    cluster: { running: 1, waiting: 1, reasons: ['Priority'] },
  });
  const back = await run(folder, {
    async on(event) {
      if (event.event !== 'started') return;
      await nodeTask(folder, 1, '101_1').end(S(1), 'complete');
      const last = nodeTask(folder, 1, '101_2');
      if (event.trial === S(1)) await last.begin(S(2));
      await last.end(S(2), 'complete');
      for (const key of ['101_1', '101_2']) await cluster.task(key, { state: 'COMPLETED' });
    },
  });
  expect(back.outcome).toMatchObject({ state: 'complete', tally: { complete: 3 } });
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('a process that died while it submitted left nothing that runs twice', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, { detach: true });
  // As if it had died before it could write the job down.
  const kept = (await readFile(folder.journalFile, 'utf8')).split('\n').filter((line) => !line.includes('submitted'));
  await writeFile(folder.journalFile, kept.join('\n'));
  const node = nodeTask(folder, 1, '101_0');
  await node.begin(S(0));
  await node.end(S(0), 'complete');
  await cluster.task('101_0', { state: 'COMPLETED' });
  await folder.removeResult(S(0));
  await cluster.task('101_0', { state: 'RUNNING' });
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event === 'started') await node.end(S(0), 'complete');
    },
  });
  expect(outcome.state).toBe('complete');
  expect(await cluster.calls('sbatch')).toHaveLength(1);
  expect(await journal(folder)).toContain('submitted');
});

test('who only follows does not run again what was cancelled meanwhile; who resumes does', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, { detach: true });
  await cluster.task('101_0', { state: 'CANCELLED' });
  expect((await run(folder, { onlyFollow: true })).outcome.tally.cancelled).toBe(1);
  expect((await run(folder, { on: completing(cluster, folder) })).outcome.state).toBe('complete');
});
