import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../src/run/retries.js';
import type { TrialEvent, TrialJob } from '../../src/trial/events.js';
import type { TrialResult } from '../../src/trial/result.js';
import { runTrial } from '../../src/trial/run-trial.js';
import { lossConfig, modelConfig, optimizerConfig, trainConfig } from '../train/configs.js';
import { languageModelJob, tinyJob, tinyReviews } from './tiny-job.js';

let folder: string;
let cacheBefore: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-trial-'));
  writeFileSync(join(folder, 'reviews.csv'), tinyReviews());
  cacheBefore = process.env.SWEEPLINE_CACHE;
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.SWEEPLINE_CACHE;
  else process.env.SWEEPLINE_CACHE = cacheBefore;
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly result: TrialResult;
  readonly events: readonly TrialEvent[];
}

async function run(job: TrialJob, onEvent: (event: TrialEvent, stop: () => void) => void = () => {}): Promise<Ran> {
  const events: TrialEvent[] = [];
  const controller = new AbortController();
  const result = await runTrial(job, {
    folder,
    signal: controller.signal,
    now: () => performance.now(),
    emit: (event) => {
      events.push(event);
      onEvent(event, () => controller.abort());
    },
  });
  return { result, events };
}

function writtenResult(): TrialResult {
  return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as TrialResult;
}

describe('a trial', () => {
  it('learns what the reviews say and leaves its result and its epochs in its folder', async () => {
    const { result, events } = await run(tinyJob(folder));

    expect(result.error).toBeUndefined();
    expect(result.state).toBe('complete');
    expect(result.metrics.test!.accuracy).toBe(1);
    expect(result.metrics.test!.f1).toBe(1);
    expect(result.metrics.test!.roc_auc).toBe(1);
    expect(result.metrics.test!.per_class!.map(({ label }) => label)).toEqual(result.data!.classes);
    expect(result.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(result.engine).toEqual({ name: 'cpu', variant: 'javascript', threads: 1, device: 'cpu' });
    expect(result.model!.text).toContain('(rnn): LSTM(8, 8, batch_first=True)');
    expect(result.data!.counts).toEqual({ train: 48, test: 16 });
    expect(result.data!.class_counts!.reduce((a, b) => a + b)).toBe(48);
    expect(result.weights_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(writtenResult()).toEqual(JSON.parse(JSON.stringify(result)));
    const lines = readFileSync(join(folder, 'metrics.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(result.epochs)));
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(4);
    expect(events.at(-1)!.type).toBe('result');
  });

  it('does not train on data that is not what it was planned on, and runs once the data is put back', async () => {
    const job = tinyJob(folder);
    const { data } = (await run(job)).result;
    const inputs = { data: data!.source_digest, vectors: null };
    const planned = { ...job, trial: { ...job.trial, inputs } };
    const swapped = tinyReviews().replaceAll(',pos', ',X').replaceAll(',neg', ',pos').replaceAll(',X', ',neg');
    writeFileSync(join(folder, 'reviews.csv'), swapped);

    const { result, events } = await run(planned);
    expect(result.state).toBe('failed');
    expect(result.error).toMatchObject({
      code: 'DATA_CHANGED',
      message: expect.stringMatching(/reviews\.csv is not .*: expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}\.$/),
      hint: expect.stringContaining('sweep resume'),
    });
    expect(events.filter(({ type }) => type === 'epoch')).toEqual([]);
    expect(isFinal(result)).toBe(false);

    writeFileSync(join(folder, 'reviews.csv'), tinyReviews());
    expect((await run(planned)).result.state).toBe('complete');
  });

  it('is to run again where its data is not there', async () => {
    rmSync(join(folder, 'reviews.csv'));
    const { result } = await run(tinyJob(folder));
    expect(result).toMatchObject({ state: 'failed', error: { code: 'DATA_NOT_FOUND' } });
    expect(isFinal(result)).toBe(false);
  });

  it('gives the same weights for the same seed', async () => {
    const first = await run(tinyJob(folder));
    const second = await run(tinyJob(folder));
    expect(second.result.weights_digest).toBe(first.result.weights_digest);
  });

  it('goes on from its last checkpoint to the same weights as without a break', async () => {
    const dropouts = {
      model: modelConfig({
        layers: 2,
        dropout: 0.3,
        initial_state: 'normal',
        head: { hidden: [4], activation: 'tanh', dropout: 0.2, outputs: null },
      }),
      train: trainConfig({
        epochs: 5,
        early_stopping: { metric: 'test.loss', patience: 5, min_delta: 0, restore_best: true },
      }),
    };
    const undisturbed = await run(tinyJob(folder, dropouts));

    const broken = await run(tinyJob(folder, dropouts), (event, stop) => {
      if (event.type === 'epoch' && event.record.epoch === 3) stop();
    });
    expect(broken.result.state).toBe('cancelled');
    const resumed = await run(tinyJob(folder, dropouts));

    expect(resumed.events.filter(({ type }) => type === 'epoch')).toHaveLength(2);
    expect(resumed.result.epochs.map(({ test }) => test)).toEqual(undisturbed.result.epochs.map(({ test }) => test));
    expect(resumed.result.weights_digest).toBe(undisturbed.result.weights_digest);
    expect(resumed.result.metrics).toEqual(undisturbed.result.metrics);
  });

  it('trains a language model on a text, measures the held-out part and goes on with the prefixes', async () => {
    writeFileSync(join(folder, 'text.txt'), 'Abcd '.repeat(80));
    const job = languageModelJob(folder);
    const { result } = await run(job);
    expect(result.error).toBeUndefined();
    expect(result.metrics.test!.perplexity).toBeLessThan(1.3);
    expect(result.metrics.test!.bits_per_character).toBeCloseTo(result.metrics.test!.loss / Math.LN2, 10);
    expect(result.metrics.train!.perplexity).toBeGreaterThan(1);
    expect(result.generated).toEqual([{ prefix: 'AB', text: 'ABcd abcd ab' }]);
    expect(result.timing.predict_seconds).toBeGreaterThan(0);
    expect(result.data!.classes).toEqual([]);
    expect(result.timing.tokens_per_second).toBeGreaterThan(0);
  });

  it('starts from pretrained vectors and says how much of the vocabulary they cover', async () => {
    writeFileSync(join(folder, 'vectors.txt'), 'good 1 0\nbad 0 1\nnever 1 1\n');
    const source = { file: 'vectors.txt' };
    const embedding = {
      dim: 2,
      pretrained: { source, member: null, format: 'glove' },
      freeze: true,
      dropout: 0,
    } as const;
    const { result } = await run(tinyJob(folder, { model: modelConfig({ embedding }) }));
    expect(result.error).toBeUndefined();
    expect(result.data!.vector_coverage).toBeCloseTo(2 / (result.data!.vocabulary - 2), 12);
    expect(result.model!.parameters - result.model!.trainable_parameters).toBe(2 * result.data!.vocabulary);
  });

  it('ends as cancelled when it is asked to stop, with a result', async () => {
    const { result } = await run(tinyJob(folder), (event, stop) => {
      if (event.type === 'epoch') stop();
    });
    expect(result.state).toBe('cancelled');
    expect(result.error!.code).toBe('TRIAL_CANCELLED');
    expect(result.epochs).toHaveLength(1);
    expect(writtenResult().state).toBe('cancelled');
  });

  it('ends as timed out when its time is over, while loading as in training', async () => {
    const { result } = await run(tinyJob(folder, { train: trainConfig({ timeout: 1e-6 }) }));
    expect(result.state).toBe('timed_out');
    expect(result.error!.message).toBe('stopped after 0.000001 s (train.timeout)');
  });

  it('ends as diverged and names the step when the loss is no longer a number', async () => {
    const { result } = await run(tinyJob(folder, { optimizer: optimizerConfig({ type: 'sgd', lr: 1e38 }) }));
    expect(result.state).toBe('diverged');
    expect(result.error!.message).toMatch(
      /^the (training|test) loss became (NaN|infinite) (in epoch 1, batch \d \(step \d\)|after epoch 1)$/,
    );
    expect(result.error!.hint).toContain('optimizer.lr');
  });

  it('ends as failed with the reason when there is no data', async () => {
    rmSync(join(folder, 'reviews.csv'));
    const { result } = await run(tinyJob(folder));
    expect(result.state).toBe('failed');
    expect(result.error!.code).toMatch(/^DATA_/);
    expect(result.error!.message).toContain('reviews.csv');
    expect(result.error!.stack).toBeUndefined();
  });

  it('refuses a head of fewer outputs than labels, which no loss could learn', async () => {
    const model = modelConfig({ head: { ...modelConfig({}).head, outputs: 1 } });
    const { result, events } = await run(tinyJob(folder, { model, loss: lossConfig({ type: 'focal' }) }));
    expect(result.state).toBe('failed');
    expect(result.error!.code).toBe('TRAIN_HEAD_OUTPUTS');
    expect(result.error!.message).toBe('model.head.outputs: expected at least 2 outputs, found 1');
    expect(events.some(({ type }) => type === 'epoch')).toBe(false);
  });

  it('refuses a model that no machine holds before it is built', async () => {
    const { result } = await run(tinyJob(folder, { model: modelConfig({ hidden: 65536, layers: 64 }) }));
    expect(result.state).toBe('failed');
    expect(result.error!.code).toBe('TRAIN_MEMORY');
    expect(result.error!.message).toMatch(/^expected a training that fits in memory \(.* GiB\), found one that needs/);
  });
});
