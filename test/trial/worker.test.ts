import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrialConfig } from '../../src/plan/trial-config.js';
import type { TrialEvent } from '../../src/trial/events.js';
import type { TrialResult } from '../../src/trial/result.js';
import { trainConfig } from '../train/configs.js';
import { tinyJob, tinyReviews } from './tiny-job.js';

// Built by `npm test` before the tests run.
const WORKER = fileURLToPath(new URL('../../dist/trial/worker.js', import.meta.url));

let folder: string;
let trialFolder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-worker-'));
  trialFolder = join(folder, 'trial');
  mkdirSync(trialFolder);
  writeFileSync(join(folder, 'reviews.csv'), tinyReviews());
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Worker {
  readonly child: ChildProcess;
  readonly events: TrialEvent[];
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

function startWorker(settings: Partial<TrialConfig> = {}): Worker {
  writeFileSync(join(trialFolder, 'config.json'), JSON.stringify(tinyJob(folder, settings)));
  const child = fork(WORKER, [trialFolder], {
    execArgv: [],
    env: { ...process.env, SWEEPLINE_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const events: TrialEvent[] = [];
  child.on('message', (event) => events.push(event as TrialEvent));
  return { child, events, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

async function firstEpoch({ child }: Worker): Promise<void> {
  for (;;) {
    const [event] = (await once(child, 'message')) as [TrialEvent];
    if (event.type === 'epoch') return;
  }
}

function writtenResult(): TrialResult {
  return JSON.parse(readFileSync(join(trialFolder, 'result.json'), 'utf8')) as TrialResult;
}

const ENDLESS = { train: trainConfig({ epochs: 1_000_000 }) };

describe('the worker process', () => {
  it('runs the trial of its folder, tells its parent and ends with code 0', async () => {
    const worker = startWorker();
    expect(await worker.ended).toBe(0);

    const result = writtenResult();
    expect(result.state).toBe('complete');
    expect(result.metrics.test!.accuracy).toBe(1);
    expect(result.timing.startup_seconds).toBeGreaterThan(0);
    expect(result.peak_memory_bytes).toBeGreaterThan(1e7);
    expect(worker.events[0]).toEqual({ type: 'ready', pid: worker.child.pid });
    expect(worker.events.at(-1)).toEqual({ type: 'result', result });
    expect(existsSync(join(trialFolder, 'checkpoint'))).toBe(false);
  });

  it('ends with code 1 and a result that says why when the trial fails', async () => {
    rmSync(join(folder, 'reviews.csv'));
    const worker = startWorker();
    expect(await worker.ended).toBe(1);
    expect(writtenResult().state).toBe('failed');
    expect(writtenResult().error!.message).toContain('reviews.csv');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends as cancelled on %s and keeps its checkpoint', async (signal) => {
    const worker = startWorker(ENDLESS);
    await firstEpoch(worker);
    worker.child.kill(signal);
    expect(await worker.ended).toBe(1);
    expect(writtenResult().state).toBe('cancelled');
    expect(writtenResult().epochs.length).toBeGreaterThan(0);
    expect(existsSync(join(trialFolder, 'checkpoint'))).toBe(true);
  });

  it('does not outlive its parent', async () => {
    const worker = startWorker(ENDLESS);
    await firstEpoch(worker);
    worker.child.disconnect();
    expect(await worker.ended).toBe(1);
    expect(writtenResult().state).toBe('cancelled');
  });

  it.each([
    { brief: true, said: 'in one message' },
    { brief: false, said: 'one by one' },
  ])('that waited tells what happens in a trial that is brief ($brief) $said', async ({ brief }) => {
    const job = tinyJob(folder, {});
    writeFileSync(join(trialFolder, 'config.json'), JSON.stringify(job));
    const child = fork(WORKER, ['--warm', `${folder}/`, JSON.stringify(job.trial.config.engine)], {
      execArgv: [],
      env: { ...process.env, SWEEPLINE_CACHE: join(folder, 'cache') },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const messages: (TrialEvent | readonly TrialEvent[])[] = [];
    child.on('message', (message) => messages.push(message as TrialEvent));
    child.send({ type: 'trial', folder: trialFolder, brief });
    expect((await once(child, 'exit'))[0]).toBe(0);

    const types = messages.flat().map(({ type }) => type);
    expect(types[0]).toBe('ready');
    expect(types.filter((type) => type === 'epoch')).toHaveLength(writtenResult().epochs.length);
    expect(types.at(-1)).toBe('result');
    expect(Array.isArray(messages[0])).toBe(brief);
    expect(messages.length < types.length).toBe(brief);
  });
});
