import { readFileSync } from 'node:fs';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { createPlan } from '../../src/plan/create-plan.js';
import type { Trial } from '../../src/plan/plan.js';
import { randomStream } from '../../src/random/stream.js';
import type { EpochRecord, SplitMetrics, TrialResult } from '../../src/trial/result.js';
import { type SampleRun, sampleRun } from './sample-run.js';

/** A run of a committed pipeline with made-up results, which depend on arm and seed alone. */
export function plannedRun(name: string, overrides: readonly string[] = []): SampleRun {
  const text = readFileSync(`pipelines/${name}.yaml`, 'utf8');
  const plan = createPlan(readPipeline({ file: name, text, overrides }));
  const run = sampleRun({ arms: plan.arms, seeds: [] });
  const results = plan.trials.map((trial) =>
    madeUp(
      trial,
      plan.arms.findIndex(({ id }) => id === trial.arm),
    ),
  );
  return {
    ...run,
    plan,
    pipeline: text,
    info: { ...run.info, name, id: `20261122-090000-${name}-3f9c` },
    results: new Map(results.map((result) => [result.trial, result])),
  };
}

function madeUp(trial: Trial, arm: number): TrialResult {
  const { config } = trial;
  const noise = randomStream({ seed: trial.seed, purpose: `test ${trial.arm}` });
  const spread = (width: number): number => (noise.uniform() - 0.5) * width;
  const language = config.task === 'language-model';
  const level = 0.82 + 0.01 * (arm % 5) + spread(0.01);
  const splitAt = (share: number): SplitMetrics => {
    const accuracy = level - 0.15 * (1 - share) + spread(0.004);
    const loss = 1.2 - accuracy;
    const over = { loss_over_batches: loss + 0.001, accuracy_over_batches: accuracy - 0.001 };
    if (language)
      return { loss: 3 * (1 - share) + 0.1 + 0.01 * arm, perplexity: Math.exp(3 * (1 - share) + 0.1 + 0.01 * arm) };
    return { loss, accuracy, f1: accuracy - 0.002, ...over };
  };
  const { epochs } = config.train;
  const count = Math.min(Number(epochs), 10);
  const records = Array.from({ length: count }, (_, i): EpochRecord => {
    const evaluated = splitAt((i + 1) / count);
    return {
      epoch: Math.round(((i + 1) * Number(epochs)) / count),
      train: splitAt((i + 1.3) / (count + 0.3)),
      ...(language ? { validation: evaluated } : { test: evaluated }),
      lr: 0.001,
      train_seconds: 8 + arm,
      evaluate_seconds: 1,
      batches: 313,
      batches_per_second: 38,
      tokens_per_second: 298_764.3 + 100 * arm,
    };
  });
  const last = records.at(-1)!;
  const right = Math.round(2500 * level);
  const prefixes = config.generate?.prefixes ?? [];
  return {
    schema: 1,
    trial: trial.id,
    arm: trial.arm,
    seed: trial.seed,
    hash: trial.hash,
    state: 'complete',
    metrics: {
      train: last.train,
      ...(language
        ? { validation: last.validation! }
        : {
            test: {
              ...last.test!,
              confusion_matrix: [
                [right, 2500 - right],
                [2500 - right, right],
              ],
            },
          }),
    },
    epochs: records,
    timing: {
      total_seconds: 50 + spread(1),
      startup_seconds: 0.4,
      data_seconds: 0.2,
      train_seconds: 40 + 4 * arm + spread(1),
      evaluate_seconds: 5,
      ...(language ? { predict_seconds: 0.31 + spread(0.02) } : {}),
      batches_per_second: 38,
      tokens_per_second: 298_764.3 + 100 * arm,
    },
    engine: { name: 'native', variant: 'avx2', threads: 1, device: 'cpu' },
    model: { text: 'Net()', parameters: 1_300_000 + arm, trainable_parameters: 1_300_000 + arm },
    data: {
      digest: 'd'.repeat(64),
      source_digest: '5'.repeat(64),
      vocabulary: 28,
      classes: language ? [] : ['neg', 'pos'],
      counts: { train: 20_000, test: 5000 },
    },
    ...(prefixes.length === 0
      ? {}
      : { generated: prefixes.map((prefix) => ({ prefix, text: `${prefix} himwas of it` })) }),
    peak_memory_bytes: 212_345_678,
    warnings: [],
  };
}
