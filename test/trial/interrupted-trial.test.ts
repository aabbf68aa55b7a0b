import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrialJob } from '../../src/trial/events.js';
import type { TrialResult } from '../../src/trial/result.js';
import { runTrial } from '../../src/trial/run-trial.js';
import { modelConfig, optimizerConfig, trainConfig } from '../train/configs.js';
import { languageModelJob, tinyJob, tinyReviews } from './tiny-job.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-interrupted-'));
  writeFileSync(join(folder, 'reviews.csv'), tinyReviews());
  writeFileSync(join(folder, 'text.txt'), 'Abcd '.repeat(80));
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
});

afterEach(() => {
  delete process.env.SWEEPLINE_CACHE;
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly result: TrialResult;
  readonly batches: number;
}

/** Runs a trial, or the rest of it, and stops it after so many batches; null lets it end. */
async function run(job: TrialJob, stopAfter: number | null): Promise<Ran> {
  const controller = new AbortController();
  let batches = 0;
  let clock = 0;
  const result = await runTrial(job, {
    folder,
    signal: controller.signal,
    // A second passes at every look, so that every batch is told.
    now: () => (clock += 1000),
    emit(event) {
      if (event.type === 'progress' && ++batches === stopAfter) controller.abort();
    },
  });
  return { result, batches };
}

/** All but times. */
function figures({ epochs, metrics, weights_digest, generated }: TrialResult) {
  const records = epochs.map(({ epoch, train, test, lr, batches }) => ({ epoch, train, test, lr, batches }));
  return { epochs: records, metrics, weights_digest, generated };
}

const classifier = (): TrialJob =>
  tinyJob(folder, {
    model: modelConfig({
      layers: 2,
      dropout: 0.3,
      initial_state: 'normal',
      head: { hidden: [4], activation: 'tanh', dropout: 0.2, outputs: null },
    }),
    optimizer: optimizerConfig({ type: 'adam', lr: 0.02 }),
    train: trainConfig({
      epochs: 3,
      batch_size: 8,
      early_stopping: { metric: 'test.loss', patience: 5, min_delta: 0, restore_best: true },
    }),
  });

describe.each([
  ['a classifier with dropout, drawn initial states and kept best weights', classifier],
  ['a language model that carries its state from window to window', () => languageModelJob(folder)],
] as const)('%s', (_, job) => {
  it.each([
    ['at the end of every epoch', null],
    ['after every batch', 0],
  ] as const)('saved %s and stopped every few batches ends with the same bits', async (_, checkpoint_seconds) => {
    const undisturbed = await run(job(), null);
    expect(undisturbed.result.state).toBe('complete');
    let resumed = await run({ ...job(), checkpoint_seconds }, 2);
    let stops = 0;
    let trained = resumed.batches;
    while (resumed.result.state === 'cancelled') {
      stops++;
      resumed = await run({ ...job(), checkpoint_seconds }, stops % 3 === 0 ? 1 : 5);
      trained += resumed.batches;
    }
    expect(stops).toBeGreaterThan(2);
    expect(figures(resumed.result)).toEqual(figures(undisturbed.result));
    // What was trained before a stop is not trained again.
    expect(trained).toBe(undisturbed.batches);
    expect(existsSync(join(folder, 'checkpoint'))).toBe(false);
  });
});

it('with accumulated gradients goes on from the last update before the stop', async () => {
  const job = tinyJob(folder, { train: trainConfig({ epochs: 2, batch_size: 8, accumulate: 4 }) });
  const undisturbed = await run(job, null);
  const stopped = await run({ ...job, checkpoint_seconds: 0 }, 5);
  expect(stopped.result.state).toBe('cancelled');
  expect(readdirSync(join(folder, 'checkpoint'))).toContain('epoch-0-batch-4.json');
  const resumed = await run(job, null);
  expect(figures(resumed.result)).toEqual(figures(undisturbed.result));
  expect(resumed.batches).toBe(undisturbed.batches - 4);
});

it('starts anew when its checkpoints are gone, with the same bits', async () => {
  const undisturbed = await run(classifier(), null);
  await run(classifier(), 9);
  rmSync(join(folder, 'checkpoint'), { recursive: true });
  const resumed = await run(classifier(), null);
  expect(figures(resumed.result)).toEqual(figures(undisturbed.result));
});

it('goes on from the checkpoint before the newest when that is damaged, with a warning and the same bits', async () => {
  const undisturbed = await run(classifier(), null);
  await run({ ...classifier(), checkpoint_seconds: 0 }, 9);
  writeFileSync(join(folder, 'checkpoint', 'epoch-1-batch-3.safetensors'), 'torn');
  const resumed = await run(classifier(), null);
  expect(resumed.result.warnings[0]).toMatch(/^the checkpoint of epoch 2, batch 3 is damaged /);
  expect(figures(resumed.result)).toEqual(figures(undisturbed.result));
  expect(resumed.batches).toBe(undisturbed.batches - 8);
});

it('trains on when a checkpoint cannot be written, and says so', async () => {
  writeFileSync(join(folder, 'checkpoint'), 'in the way');
  const { result } = await run(tinyJob(folder), null);
  expect(result.state).toBe('complete');
  expect(result.warnings[0]).toMatch(/^a checkpoint cannot be written \(EEXIST: .*\); going on without it$/);
});
