import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sendRequest } from '../../src/run/control.js';
import { executeRun } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { createInterruption } from '../../src/run/interruption.js';
import { backOff } from '../../src/run/retries.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import type { SchedulePolicy } from '../../src/run/schedule-policy.js';
import { fakeWorker, sampleRun, scriptWorkers } from './sample-run.js';

interface Options {
  readonly jobs?: number;
  readonly policy?: Partial<SchedulePolicy>;
  readonly again?: ReadonlySet<string>;
  readonly only?: ReadonlySet<string>;
  readonly onEvent?: (event: RunEvent) => void;
}

async function run(folder: RunFolder, { jobs = 1, policy = {}, again, only, onEvent = () => {} }: Options = {}) {
  const events: RunEvent[] = [];
  const outcome = await executeRun({
    folder,
    jobs,
    executor: localExecutor({ worker: fakeWorker }),
    interruption: createInterruption(),
    policy: { backOff: () => 1, ...policy },
    ...(again === undefined ? {} : { again }),
    ...(only === undefined ? {} : { only }),
    emit(event) {
      events.push(event);
      onEvent(event);
    },
  });
  return { outcome, events, told: events.map((event) => event.event) };
}

const trial = (seed: number): string => `001-lstm-s${seed}`;

describe('retries', () => {
  test('give a trial that was killed further attempts, and say so', async () => {
    const folder = await sampleRun(1, {
      default: [{ do: 'signal-times', signal: 'SIGKILL', times: 2 }, { do: 'complete' }],
    });
    const { outcome, events } = await run(folder, { policy: { retries: 2 } });
    expect(outcome.state).toBe('complete');
    expect(events.filter(({ event }) => event === 'retrying')).toEqual([
      expect.objectContaining({ trial: trial(0), attempt: 2, reason: expect.stringMatching(/^killed \(SIGKILL/) }),
      expect.objectContaining({ trial: trial(0), attempt: 3 }),
    ]);
    const attempts = (await folder.readJournal()).flatMap((line) => (line.event === 'started' ? [line.attempt] : []));
    expect(attempts).toEqual([1, 2, 3]);
  });

  test('end after so many', async () => {
    const folder = await sampleRun(1, {
      default: [{ do: 'signal-times', signal: 'SIGKILL', times: 9 }, { do: 'complete' }],
    });
    const { outcome } = await run(folder, { policy: { retries: 1 } });
    expect(outcome.tally.killed).toBe(1);
  });

  test('are not for trials that failed by themselves', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'fail', message: 'bad' }] });
    const { told } = await run(folder, { policy: { retries: 3 } });
    expect(told).not.toContain('retrying');
  });

  test('are for workers that were lost without a word, which a resume repeats as well', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'exit', code: 0 }] });
    expect((await run(folder, { policy: { retries: 1 } })).told).toContain('retrying');
    await scriptWorkers(`${folder.path}/../..`, {});
    expect((await run(folder)).outcome.state).toBe('complete');
  });

  test('wait longer and longer, a minute at most', () => {
    expect([1, 2, 3, 4, 20].map(backOff)).toEqual([1000, 2000, 4000, 8000, 60_000]);
  });
});

describe('a limit of failures', () => {
  test('skips what has not started and ends what runs; a resume runs both', async () => {
    const folder = await sampleRun(4, {
      [trial(0)]: [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
      [trial(1)]: [{ do: 'fail', message: 'bad' }],
    });
    const { outcome, events } = await run(folder, { jobs: 2, policy: { maxFailures: 1 } });
    expect(outcome).toMatchObject({ state: 'failed', tally: { failed: 1, cancelled: 1, skipped: 2 } });
    expect(events.find(({ event }) => event === 'skipped')).toEqual({
      event: 'skipped',
      trials: [trial(2), trial(3)],
      reason: `${trial(1)} did not complete`,
    });
    await scriptWorkers(`${folder.path}/../..`, {});
    expect((await run(folder)).outcome.tally).toMatchObject({ complete: 3, failed: 1 });
  });

  test('counts every fate but complete and cancelled', async () => {
    const folder = await sampleRun(4, {
      [trial(0)]: [{ do: 'fail', message: 'bad' }],
      [trial(2)]: [{ do: 'signal', signal: 'SIGABRT' }, { do: 'hang' }],
    });
    const { outcome } = await run(folder, { policy: { maxFailures: 2 } });
    expect(outcome.tally).toMatchObject({ failed: 1, complete: 1, killed: 1, skipped: 1 });
  });
});

test('only the trials that are named run where none else should', async () => {
  const folder = await sampleRun(3, { default: [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }] });
  await run(folder);
  await scriptWorkers(`${folder.path}/../..`, {});
  const { outcome } = await run(folder, { again: new Set([trial(1)]), only: new Set([trial(1)]) });
  expect(outcome).toMatchObject({ state: 'failed', tally: { complete: 1, killed: 2 } });
});

test('a trial that is run again forgets its fate and nothing else', async () => {
  const folder = await sampleRun(2, { [trial(0)]: [{ do: 'fail', message: 'bad' }] });
  await run(folder);
  await scriptWorkers(`${folder.path}/../..`, {});
  const { outcome, events } = await run(folder, { again: new Set([trial(0)]) });
  expect(outcome.state).toBe('complete');
  expect(events.filter(({ event }) => event === 'started')).toHaveLength(1);
});

test('a trial can be cancelled while it runs, or before; the others go on', async () => {
  const folder = await sampleRun(3, {
    [trial(0)]: [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
  });
  const { outcome, events } = await run(folder, {
    policy: { retries: 1 },
    onEvent(event) {
      if (event.event !== 'epoch') return;
      void sendRequest(folder, { ask: 'cancel-trial', trial: trial(2) }).then(() =>
        sendRequest(folder, { ask: 'cancel-trial', trial: trial(0) }),
      );
    },
  });
  expect(outcome.tally).toMatchObject({ complete: 1, cancelled: 2 });
  expect(events.filter(({ event }) => event === 'started')).toHaveLength(2);
});

test('a run can be cancelled from elsewhere', async () => {
  const folder = await sampleRun(2, {
    default: [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
  });
  const { outcome } = await run(folder, {
    onEvent: (event) => void (event.event === 'epoch' && sendRequest(folder, { ask: 'cancel-run' })),
  });
  expect(outcome).toMatchObject({ state: 'interrupted', tally: { cancelled: 1, pending: 1 } });
});

test('a trial that needs more memory than is free waits for those that run', async () => {
  const folder = await sampleRun(3);
  let running = 0;
  let most = 0;
  const { outcome } = await run(folder, {
    jobs: 3,
    policy: { memory: () => Number.MAX_SAFE_INTEGER },
    onEvent(event) {
      if (event.event === 'started') most = Math.max(most, ++running);
      if (event.event === 'finished') running--;
    },
  });
  expect(outcome.state).toBe('complete');
  expect(most).toBe(1);
});

test('nothing of the talk between processes is left behind', async () => {
  const folder = await sampleRun(1, { default: [{ do: 'epoch', epoch: 1 }, { do: 'complete' }] });
  await sendRequest(folder, { ask: 'cancel-run' });
  expect((await run(folder)).outcome.state).toBe('complete');
  expect(existsSync(folder.controlFolder)).toBe(false);
  expect(existsSync(folder.liveFile)).toBe(false);
});
