import { expect, test } from 'vitest';
import { sendRequest } from '../../../src/run/control.js';
import { createInterruption } from '../../../src/run/interruption.js';
import { nodeTask } from './fake-cluster.js';
import { begun, errorOf, run, S } from './watched-run.js';

test('stopping cancels the jobs and waits until none is left', async () => {
  const { cluster, folder } = await begun(2);
  const interruption = createInterruption();
  const { outcome } = await run(folder, {
    interruption,
    async on(event) {
      if (event.event === 'submitted') {
        await nodeTask(folder, 1, '101_0').begin(S(0));
        await cluster.task('101_0', { state: 'RUNNING' });
      }
      if (event.event === 'started') interruption.request('SIGINT');
    },
  });
  expect(outcome).toMatchObject({ state: 'interrupted', tally: { cancelled: 1, pending: 1 } });
  expect((await cluster.calls('scancel')).map(({ args }) => args)).toEqual([['101']]);
  expect(await errorOf(folder, 0)).toBe('cancelled TRIAL_CANCELLED: cancelled by an interrupt');
});

test('one trial can be cancelled before it begins, and its task with it', async () => {
  const { cluster, folder } = await begun(2);
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event === 'submitted') await sendRequest(folder, { ask: 'cancel-trial', trial: S(1) });
      if (event.event === 'finished' && event.trial === S(1)) {
        const node = nodeTask(folder, 1, '101_0');
        await node.begin(S(0));
        await node.end(S(0), 'complete');
        await cluster.task('101_0', { state: 'COMPLETED' });
      }
    },
  });
  expect(outcome.tally).toMatchObject({ complete: 1, cancelled: 1 });
  expect((await cluster.calls('scancel')).map(({ args }) => args)).toEqual([['101_1']]);
});

test('a limit on failures ends the jobs and skips what has not begun', async () => {
  const { cluster, folder } = await begun(3);
  const { outcome } = await run(folder, {
    policy: { maxFailures: 1 },
    async on(event) {
      if (event.event !== 'submitted') return;
      const node = nodeTask(folder, 1, '101_0');
      await node.begin(S(0));
      await node.end(S(0), 'failed');
      await cluster.task('101_0', { state: 'COMPLETED' });
    },
  });
  expect(outcome.tally).toMatchObject({ failed: 1, skipped: 2 });
});
