import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan, SettingValue, Trial } from '../../src/plan/plan.js';
import type { JournalEvent, RunInfo } from '../../src/run/journal-events.js';
import { planText } from '../../src/run/plan-file.js';
import type { EpochRecord, SplitMetrics, TrialResult } from '../../src/trial/result.js';

export interface SampleArm {
  readonly id: string;
  readonly label: string;
  readonly settings: { readonly [path: string]: SettingValue };
}

/** A run as it would stand on the disk; every part can be changed before it is written. */
export interface SampleRun {
  plan: Plan;
  info: RunInfo;
  pipeline: string;
  journal: JournalEvent[];
  results: Map<string, TrialResult>;
}

export const TWO_ARMS: readonly SampleArm[] = [
  { id: '001-lstm', label: 'model.cell=lstm', settings: { 'model.cell': 'lstm' } },
  { id: '002-gru', label: 'model.cell=gru', settings: { 'model.cell': 'gru' } },
];

/** A run whose trials are all complete; accuracies depend on arm and seed alone. */
export function sampleRun({
  arms = TWO_ARMS,
  seeds = [0, 1, 2],
  pipeline = 'name: sample\n',
}: {
  readonly arms?: readonly SampleArm[];
  readonly seeds?: readonly number[];
  readonly pipeline?: string;
} = {}): SampleRun {
  const trials = arms.flatMap((arm) => seeds.map((seed) => sampleTrial(arm.id, seed)));
  return {
    plan: { schema: 1, name: 'sample', arms, trials },
    info: SAMPLE_INFO,
    pipeline,
    journal: [
      event('00:00', { event: 'run-started', pid: 1, host: 'lab', trials: trials.length, jobs: 2 }),
      ...trials.flatMap(({ id }): JournalEvent[] => [
        event('00:01', { event: 'started', trial: id, pid: 2, attempt: 1 }),
        event('00:02', { event: 'epoch', trial: id, epoch: 1 }),
        event('00:03', { event: 'finished', trial: id, state: 'complete', seconds: 60 }),
      ]),
      event('02:05', { event: 'run-finished', state: 'complete', seconds: 125 }),
    ],
    results: new Map(
      trials.map((trial) => [
        trial.id,
        sampleResult(
          trial,
          arms.findIndex(({ id }) => id === trial.arm),
        ),
      ]),
    ),
  };
}

/** Writes a run folder below the system's temporary folder and gives its path. */
export function writeRun(run: SampleRun, runs = mkdtempSync(join(tmpdir(), 'sweepline-report-'))): string {
  const folder = join(runs, run.info.id);
  mkdirSync(join(folder, 'trials'), { recursive: true });
  writeFileSync(join(folder, 'pipeline.yaml'), run.pipeline);
  writeFileSync(join(folder, 'plan.json'), planText(run.plan));
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run.info));
  writeFileSync(join(folder, 'journal.ndjson'), run.journal.map((line) => `${JSON.stringify(line)}\n`).join(''));
  for (const trial of run.plan.trials) {
    mkdirSync(join(folder, 'trials', trial.id), { recursive: true });
    const job = { schema: 1, trial, working_directory: '/home/ada/experiments' };
    writeFileSync(join(folder, 'trials', trial.id, 'config.json'), JSON.stringify(job));
  }
  for (const result of run.results.values()) {
    writeFileSync(join(folder, 'trials', result.trial, 'result.json'), JSON.stringify(result));
  }
  return folder;
}

/** Replaces a trial's result by one that ended otherwise, in its journal too. */
export function endOtherwise(run: SampleRun, trial: string, end: Pick<TrialResult, 'state' | 'error'>): void {
  const result = run.results.get(trial)!;
  run.results.set(trial, { ...result, ...end, metrics: {}, epochs: [], model: null });
  run.journal = run.journal.map((line) =>
    line.event === 'finished' && line.trial === trial ? { ...line, state: end.state } : line,
  );
}

/** Takes away all that a trial did after it started. */
export function neverFinished(run: SampleRun, trial: string, { started }: { readonly started: boolean }): void {
  run.results.delete(trial);
  run.journal = run.journal.filter(
    (line) => !('trial' in line) || line.trial !== trial || (started && line.event !== 'finished'),
  );
}

function sampleTrial(arm: string, seed: number): Trial {
  return { id: `${arm}-s${seed}`, arm, seed, config: SAMPLE_CONFIG, hash: sha256(`${arm} ${seed}`) };
}

function sampleResult(trial: Trial, arm = 0): TrialResult {
  const accuracy = 0.8 + arm * 0.0123 + trial.seed * 0.01 + arm * (trial.seed % 2) * 0.001;
  const test = sampleSplit(accuracy);
  const train = { ...sampleSplit(accuracy + 0.05), loss_over_batches: 0.3, accuracy_over_batches: accuracy + 0.049 };
  const { per_class: _, confusion_matrix: __, ...figures } = test;
  return {
    schema: 1,
    trial: trial.id,
    arm: trial.arm,
    seed: trial.seed,
    hash: trial.hash,
    state: 'complete',
    metrics: { train: { loss: train.loss, accuracy: train.accuracy! }, test },
    epochs: [1, 2].map(
      (epoch): EpochRecord => ({
        epoch,
        train: {
          loss: 0.9 / epoch,
          accuracy: accuracy - 0.1 / epoch,
          loss_over_batches: 0.91 / epoch,
          accuracy_over_batches: accuracy - 0.11 / epoch,
        },
        test: { ...figures, loss: 0.8 / epoch, accuracy: accuracy - 0.05 / epoch },
        lr: 0.001,
        train_seconds: 10.24 + arm,
        evaluate_seconds: 1.5,
        batches: 313,
        batches_per_second: 30.57,
        tokens_per_second: 391_234,
      }),
    ),
    timing: {
      total_seconds: 25.123 + trial.seed,
      startup_seconds: 0.4,
      data_seconds: 0.2,
      train_seconds: 20.48 + 2 * arm,
      evaluate_seconds: 3,
      batches_per_second: 30.57,
      tokens_per_second: 391_234,
    },
    engine: { name: 'native', variant: 'avx2', threads: 1, device: 'cpu' },
    model: {
      text: `Classifier(\n  (rnn): ${arm === 0 ? 'LSTM' : 'GRU'}(32, 32, batch_first=True)\n)`,
      parameters: 161_346 - arm * 2000,
      trainable_parameters: 161_346 - arm * 2000,
    },
    data: {
      digest: 'd'.repeat(64),
      source_digest: '5'.repeat(64),
      vocabulary: 5000,
      classes: ['ham', 'spam'],
      counts: { train: 2400, test: 600 },
      class_counts: [1400, 1000],
    },
    weights_digest: sha256(trial.id),
    peak_memory_bytes: 212_345_678,
    warnings: arm === 0 ? ['model.dropout does nothing with one layer'] : [],
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sampleSplit(accuracy: number): SplitMetrics {
  const right = Math.round(accuracy * 300);
  return {
    loss: 1 - accuracy,
    accuracy,
    f1: accuracy - 0.001,
    per_class: ['ham', 'spam'].map((label) => ({
      label,
      precision: accuracy,
      recall: accuracy,
      f1: accuracy,
      support: 300,
    })),
    confusion_matrix: [
      [right, 300 - right],
      [300 - right, right],
    ],
  };
}

type EventBody<Event> = Event extends unknown ? Omit<Event, 'time'> : never;

function event(time: string, body: EventBody<JournalEvent>): JournalEvent {
  return { time: `2026-11-22T09:${time}.000Z`, ...body } as JournalEvent;
}

const SAMPLE_INFO: RunInfo = {
  schema: 1,
  id: '20261122-090000-sample-3f9c',
  name: 'sample',
  started: '2026-11-22T09:00:00.000Z',
  command: ['sweep', 'pipelines/sample.yaml', '--set', 'data.source.file=my mails.csv'],
  jobs: 2,
  working_directory: '/home/ada/experiments',
  sweepline: '0.1.0',
  node: 'v20.20.2',
  machine: { host: 'lab', platform: 'linux-x64', cpu: 'Example CPU @ 2.5GHz', cores: 2, memory_bytes: 8_000_000_000 },
  git: { commit: 'c0ffee'.padEnd(40, '0'), dirty: true, branch: 'main' },
};

const SAMPLE_CONFIG = {
  task: 'classification',
  data: { source: { file: 'my mails.csv' } },
  model: { cell: 'lstm' },
  loss: { type: 'cross_entropy' },
  optimizer: { type: 'adam', lr: 0.001 },
  train: { epochs: 2, batch_size: 64 },
  metrics: ['accuracy', 'f1'],
  generate: null,
  engine: { name: 'auto', device: 'any', variant: null },
  // A report reads no more of a configuration than this.
} as unknown as Trial['config'];
