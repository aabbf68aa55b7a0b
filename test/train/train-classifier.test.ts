import { beforeAll, describe, expect, it } from 'vitest';
import type { ClassificationBatch } from '../../src/data/batch.js';
import type { ClassificationDataset } from '../../src/data/dataset.js';
import { startEngine } from '../../src/engine/start-engine.js';
import { createModel } from '../../src/model/create-model.js';
import type { Model } from '../../src/model/model.js';
import type {
  LossConfig,
  ModelConfig,
  OptimizerConfig,
  TrainConfig,
  TrialConfig,
} from '../../src/plan/trial-config.js';
import { tf } from '../../src/tf.js';
import { classifierTask } from '../../src/train/classifier-task.js';
import { createLoss } from '../../src/train/losses/create-loss.js';
import type { Outcome } from '../../src/train/outcome.js';
import { train } from '../../src/train/train.js';
import { trainClassifier } from '../../src/train/train-classifier.js';
import { weightsDigest } from '../../src/train/weights.js';
import type { TrialEvent } from '../../src/trial/events.js';
import { lossConfig, modelConfig, optimizerConfig, scheduleConfig, trainConfig } from './configs.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

/** 32 rows of five tokens below 12; the label says whether token 1 or token 2 stands among them. */
const TIME = 5;
const ROWS = Array.from({ length: 32 }, (_, n) => {
  const label = n % 2;
  const ids = Array.from({ length: TIME }, (_, t) => 3 + ((7 * n + 3 * t) % 9));
  ids[(n >> 1) % TIME] = 1 + label;
  return { ids, label };
});

function* batchesOf(rows: typeof ROWS, size: number): Generator<ClassificationBatch> {
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size);
    yield {
      size: part.length,
      time: TIME,
      ids: Int32Array.from(part.flatMap(({ ids }) => ids)),
      lengths: new Int32Array(part.length).fill(TIME),
      labels: Int32Array.from(part, ({ label }) => label),
    };
  }
}

interface Setting {
  readonly model?: Partial<ModelConfig>;
  readonly loss?: Partial<LossConfig>;
  readonly optimizer?: Partial<OptimizerConfig>;
  readonly train?: Partial<TrainConfig>;
  /** Rows of the validation split. */
  readonly evaluated?: typeof ROWS;
  /** Milliseconds that pass with every look at the clock. */
  readonly tick?: number;
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  onEvent?(event: TrialEvent): void;
}

interface Trained {
  readonly outcome: Outcome;
  readonly events: readonly TrialEvent[];
  readonly digest: string;
}

async function trained(setting: Setting, use: (model: Model) => void = () => {}): Promise<Trained> {
  const loss = createLoss(lossConfig(setting.loss ?? {}), 2);
  const sizes = { vocabulary: 12, outputs: loss.outputs, every_step: loss.every_step };
  const model = createModel(modelConfig({ pooling: 'max', ...setting.model }), sizes, 1);
  use(model);
  const events: TrialEvent[] = [];
  let time = 0;
  const outcome = await train({
    config: {
      train: trainConfig({ epochs: 6, ...setting.train }),
      optimizer: optimizerConfig({ lr: 0.02, ...setting.optimizer }),
    },
    model,
    task: classifierTask({
      model,
      loss,
      classes: ['one', 'two'],
      metrics: ['accuracy', 'f1', 'roc_auc'],
      packed: false,
      evaluated: ['validation'],
      trainingBatches: () => ({ count: 4, batches: batchesOf(ROWS, 8) }),
      evaluationBatches: () => ({ count: 2, batches: batchesOf(setting.evaluated ?? ROWS, 16) }),
    }),
    context: {
      now: () => (time += setting.tick ?? 0),
      deadline: setting.deadline ?? null,
      signal: setting.signal ?? new AbortController().signal,
      emit: (event) => {
        events.push(event);
        setting.onEvent?.(event);
      },
    },
    checkpoints: null,
  });
  const digest = weightsDigest(model.parameters);
  model.dispose();
  return { outcome, events, digest };
}

describe('a classifier', () => {
  it.each(['rnn', 'gru', 'lstm'] as const)('learns which token stands in a text with %s', async (cell) => {
    const { outcome } = await trained({ model: { cell }, train: { epochs: 10 } });
    expect(outcome.stop).toBeNull();
    expect(outcome.metrics.validation!.accuracy).toBe(1);
    expect(outcome.metrics.validation!.roc_auc).toBe(1);
    expect(outcome.metrics.train!.loss).toBeLessThan(outcome.epochs[0]!.train.loss / 2);
  });

  it.each(['bce_with_logits', 'mse', 'hinge', 'focal', 'ctc', 'label_smoothing', 'nll'] as const)(
    'learns with the loss %s',
    async (type) => {
      const { outcome } = await trained({ loss: { type }, train: { epochs: 12 }, optimizer: { lr: 0.03 } });
      expect(outcome.stop).toBeNull();
      expect(outcome.metrics.validation!.accuracy).toBeGreaterThan(0.9);
    },
  );

  it('is evaluated over the batches that weigh something where a class weighs nothing', async () => {
    // Every batch of training holds both classes; the last one of evaluation holds the first class alone.
    const sorted = [...ROWS.slice(0, 16), ...ROWS.slice(16).filter(({ label }) => label === 0)];
    const { outcome } = await trained({ loss: { class_weights: [0, 1] }, evaluated: sorted });
    expect(outcome.stop).toBeNull();
    expect(outcome.metrics.validation!.loss).toBeGreaterThan(0);
    expect(outcome.metrics.validation!.accuracy).toBe(1 / 3);
  });

  it('gives tensors back: as many after a training as before', async () => {
    const before = tf.memory().numTensors;
    await trained({ train: { accumulate: 3, clip_norm: 0.1 } });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('holds no more tensors from step to step', async () => {
    const counts: number[] = [];
    await trained({ tick: 1000, onEvent: ({ type }) => type === 'progress' && counts.push(tf.memory().numTensors) });
    expect(counts.length).toBeGreaterThan(8);
    expect(new Set(counts).size).toBe(1);
  });

  it('updates once for every accumulated group, the last of what there is', async () => {
    const { outcome } = await trained({
      train: { epochs: 1, accumulate: 3 },
      optimizer: { type: 'sgd', lr: 1, schedule: scheduleConfig({ warmup_steps: 10 }) },
    });
    // Four batches: an update after the third, one at the end; the last batch's rate is that of the second update.
    expect(outcome.epochs[0]!.lr).toBeCloseTo(0.2);
  });

  it('is evaluated after every second epoch and after the last', async () => {
    const { outcome } = await trained({ train: { epochs: 5, evaluate_every: 2 } });
    expect(outcome.epochs.map(({ validation }) => validation !== undefined)).toEqual([false, true, false, true, true]);
  });
});

describe('a training ends', () => {
  it('as diverged, naming epoch, batch and step', async () => {
    const { outcome } = await trained({}, (model) => model.parameters.get('fcs.0.bias')!.assign(tf.tensor1d([NaN, 0])));
    expect(outcome.stop).toEqual({
      state: 'diverged',
      message: 'the training loss became NaN in epoch 1, batch 1 (step 1)',
      hint: 'lower optimizer.lr, or limit the gradients with train.clip_norm',
    });
    expect(outcome.epochs).toEqual([]);
  });

  it('as timed out at its deadline, between two batches', async () => {
    const { outcome } = await trained({ tick: 100, deadline: 1500 });
    expect(outcome.stop).toEqual({ state: 'timed_out' });
    expect(outcome.epochs.length).toBeLessThan(6);
  });

  it('as cancelled when its signal is aborted', async () => {
    const controller = new AbortController();
    const { outcome } = await trained({
      signal: controller.signal,
      onEvent: (event) => event.type === 'epoch' && event.record.epoch === 2 && controller.abort(),
    });
    expect(outcome.stop).toEqual({ state: 'cancelled' });
    expect(outcome.epochs).toHaveLength(2);
    expect(outcome.metrics.validation).toEqual(outcome.epochs[1]!.validation);
  });

  it('early, with the weights and figures of the best epoch', async () => {
    const early_stopping = { metric: 'validation.loss', patience: 2, min_delta: 0, restore_best: true };
    // A rate this high makes the loss grow after a while.
    const optimizer = { type: 'sgd', lr: 30 } as const;
    const { outcome, digest } = await trained({ optimizer, train: { epochs: 30, early_stopping } });
    expect(outcome.epochs.length).toBeLessThan(30);
    const best = outcome.epochs.reduce((a, b) => (b.validation!.loss < a.validation!.loss ? b : a));
    expect(outcome.epochs).toHaveLength(best.epoch + 2);
    expect(outcome.metrics.validation).toEqual(best.validation);
    const untilBest = await trained({ optimizer, train: { epochs: best.epoch } });
    expect(digest).toBe(untilBest.digest);
  });

  it('before it begins when early stopping watches a split that is not evaluated', async () => {
    const early_stopping = { metric: 'test.loss', patience: 2, min_delta: 0, restore_best: true };
    await expect(trained({ train: { early_stopping } })).rejects.toThrow(
      'train.early_stopping.metric: expected a metric of train or validation, found test.loss',
    );
  });
});

describe('progress', () => {
  it('is told at most five times a second, with the time that is left', async () => {
    const { events } = await trained({ tick: 10 });
    const progress = events.filter((event) => event.type === 'progress');
    const batches = 6 * 4;
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.length).toBeLessThan(batches / 2);
    expect(progress[0]).toMatchObject({ epoch: 1, epochs: 6, batch: 1, batches: 4 });
    expect(progress.at(-1)!.eta_seconds).toBeLessThan(progress[0]!.eta_seconds);
  });
});

it('is refused where no batch is full and only full ones count, as if an epoch without an update were a training', async () => {
  const model = createModel(modelConfig({}), { vocabulary: 12, outputs: 2, every_step: false }, 1);
  const training = trainClassifier({
    config: {
      train: trainConfig({ batch_size: 8, drop_last: true }),
      data: { sequence: { packed: false, bucket: false, pad: 'end' } },
    } as TrialConfig,
    seed: 0,
    dataset: { train: { count: 7 } } as ClassificationDataset,
    model,
    loss: createLoss(lossConfig({}), 2),
    context: null as never,
    checkpoints: null,
  });
  await expect(training).rejects.toThrow('`train.batch_size` of 8 is more than the 7 texts for training');
  model.dispose();
});
