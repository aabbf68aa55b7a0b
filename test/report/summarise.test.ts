import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import type { ReportData } from '../../src/report/report-data.js';
import { summarise } from '../../src/report/summarise.js';
import { endOtherwise, type SampleRun, sampleRun, writeRun } from './sample-run.js';

async function figuresOf(run: SampleRun): Promise<ReportData> {
  return summarise(await loadRun(writeRun(run)));
}

describe('the figures of an arm', () => {
  test('are mean, sample standard deviation, n and values by seed, for every metric and timing', async () => {
    const [lstm] = (await figuresOf(sampleRun())).arms;
    const accuracy = lstm!.metrics['test.accuracy']!;
    expect(accuracy.values).toEqual([0.8, 0.81, 0.8200000000000001]);
    expect(accuracy).toMatchObject({ n: 3, seeds: [0, 1, 2], not_finite: [] });
    expect(accuracy.mean).toBeCloseTo(0.81, 12);
    expect(accuracy.std).toBeCloseTo(0.01, 12);
    // 4.302652729749462 · 0.01 / √3
    expect(accuracy.interval![1]! - accuracy.mean!).toBeCloseTo(0.024841377, 8);
    expect(Object.keys(lstm!.metrics)).toEqual([
      'train.loss',
      'train.accuracy',
      'test.loss',
      'test.accuracy',
      'test.f1',
      'timing.total_seconds',
      'timing.startup_seconds',
      'timing.data_seconds',
      'timing.train_seconds',
      'timing.evaluate_seconds',
      'timing.batches_per_second',
      'timing.tokens_per_second',
      'timing.peak_memory_bytes',
    ]);
    expect(lstm!.parameters).toBe(161_346);
  });

  test('are over complete trials alone', async () => {
    const run = sampleRun();
    endOtherwise(run, '001-lstm-s1', { state: 'failed', error: { code: 'X', message: 'lost' } });
    const { arms, failures } = await figuresOf(run);
    expect(arms[0]!.metrics['test.accuracy']).toMatchObject({ n: 2, seeds: [0, 2] });
    expect(arms[0]!.complete).toBe(2);
    expect(failures).toMatchObject([
      { trial: '001-lstm-s1', state: 'failed', message: 'lost', log: 'trials/001-lstm-s1/log.txt' },
    ]);
  });

  test('leave out values that are no numbers and name their seeds', async () => {
    const run = sampleRun();
    const result = run.results.get('001-lstm-s1')!;
    // JSON writes NaN as null.
    run.results.set(result.trial, { ...result, metrics: { test: { loss: Number.NaN, accuracy: 0.5 } } });
    const { metrics } = (await figuresOf(run)).arms[0]!;
    expect(metrics['test.loss']).toMatchObject({ n: 2, seeds: [0, 2], not_finite: [1] });
    expect(metrics['test.accuracy']!.n).toBe(3);
  });

  test('of one seed have no spread and no interval', async () => {
    const { arms, comparisons } = await figuresOf(sampleRun({ seeds: [7] }));
    expect(arms[0]!.metrics['test.accuracy']).toMatchObject({ n: 1, std: null, interval: null, seeds: [7] });
    expect(comparisons).toEqual([]);
  });

  test('have confusion matrices summed over seeds and figures per class', async () => {
    const [classes] = (await figuresOf(sampleRun())).arms[0]!.classes;
    expect(classes).toMatchObject({ split: 'test', labels: ['ham', 'spam'] });
    expect(classes!.confusion_matrix).toEqual([
      [240 + 243 + 246, 60 + 57 + 54],
      [60 + 57 + 54, 240 + 243 + 246],
    ]);
    expect(classes!.per_class.map(({ label, recall }) => [label, recall.n])).toEqual([
      ['ham', 3],
      ['spam', 3],
    ]);
  });

  test('per epoch are over the seeds that reached it', async () => {
    const run = sampleRun();
    const result = run.results.get('001-lstm-s0')!;
    run.results.set(result.trial, { ...result, epochs: result.epochs.slice(0, 1) });
    const { epochs } = (await figuresOf(run)).arms[0]!;
    expect(epochs.map(({ epoch, metrics }) => [epoch, metrics['train.loss']!.n])).toEqual([
      [1, 3],
      [2, 2],
    ]);
  });
});

describe('comparisons', () => {
  test('pair arms by seed', async () => {
    const [comparison] = (await figuresOf(sampleRun())).comparisons;
    expect(comparison).toMatchObject({
      metric: 'test.accuracy',
      arm: '002-gru',
      against: '001-lstm',
      n: 3,
      told_apart: true,
    });
    expect(comparison!.difference).toBeCloseTo(0.0123 + 0.001 / 3, 12);
    expect(comparison!.sign_flip_p).toBe(0.25);
  });

  test('are against the baseline that the report names', async () => {
    const arms = ['rnn', 'gru', 'lstm'].map((cell, i) => ({
      id: `00${i}-${cell}`,
      label: `model.cell=${cell}`,
      settings: { 'model.cell': cell },
    }));
    const all = await figuresOf(sampleRun({ arms }));
    expect(all.comparisons).toHaveLength(3);
    const pipeline = 'report: { baseline: { model.cell: gru } }\n';
    const { comparisons } = await figuresOf(sampleRun({ arms, pipeline }));
    expect(comparisons.map(({ arm, against }) => [arm, against])).toEqual([
      ['000-rnn', '001-gru'],
      ['002-lstm', '001-gru'],
    ]);
  });

  test('treat differences that differ by rounding alone as equal', async () => {
    const run = sampleRun();
    for (const seed of [0, 1, 2]) {
      for (const [arm, extra] of [
        ['001-lstm', 0],
        ['002-gru', 0.01],
      ] as const) {
        const result = run.results.get(`${arm}-s${seed}`)!;
        run.results.set(result.trial, {
          ...result,
          metrics: { test: { loss: 1, accuracy: 0.84 + seed * 0.003 + extra } },
        });
      }
    }
    const [comparison] = (await figuresOf(run)).comparisons;
    expect(comparison).toMatchObject({ t_test: null, effect_size: null, adjusted_p: 0.25, told_apart: false });
  });
});

test('warnings are given once, with their trials', async () => {
  const { warnings } = await figuresOf(sampleRun());
  expect(warnings).toEqual([
    { message: 'model.dropout does nothing with one layer', trials: ['001-lstm-s0', '001-lstm-s1', '001-lstm-s2'] },
  ]);
});
