import { expect, test } from 'vitest';
import { armFinder } from '../../src/expect/match-arm.js';
import { pivotTable } from '../../src/report/pivot.js';
import type { ReportArm, Summary } from '../../src/report/report-data.js';
import { compareArms } from '../../src/report/statistics/comparison.js';
import { type SeededValue, summariseValues } from '../../src/report/summary.js';

const METRIC = 'test.accuracy';

/** An arm with a cell, a pooling and an accuracy per seed. */
function arm(
  cell: string,
  pooling: string,
  values: readonly number[],
  seeds: readonly number[] = values.map((_, i) => i),
) {
  const seeded = values.map((value, i): SeededValue => ({ seed: seeds[i]!, value }));
  return {
    id: `${cell}-${pooling}`,
    label: `${cell}, ${pooling}`,
    settings: { 'model.cell': cell, 'model.pooling': pooling },
    metrics: values.length === 0 ? {} : { [METRIC]: summariseValues(seeded) },
  } as unknown as ReportArm;
}

function cellsOf(arms: readonly ReportArm[], more: object = {}) {
  const settings = {
    title: null,
    rows: ['model.cell'],
    columns: [],
    metric: METRIC,
    digits: 4,
    highlight: 'best',
    baseline: null,
    sort: 'plan',
    ...more,
  } as unknown as Parameters<typeof pivotTable>[0];
  return pivotTable(settings, arms, armFinder(new Map())).cells.map(([cell]) => cell!);
}

const summaryOf = ({ mean, n, not_finite }: Summary) => ({ mean, n, not_finite });

test('a cell that averages over arms has the seeds that all of them have, and nothing where there is none', () => {
  const cells = cellsOf([
    arm('rnn', 'mean', [0.9, 0.91, 0.89]),
    arm('rnn', 'max', []),
    arm('gru', 'mean', [0.9, 0.8], [0, 1]),
    arm('gru', 'max', [0.6], [2]),
    arm('lstm', 'mean', [0.8, 0.9, 1]),
    arm('lstm', 'max', [0.6, 0.7], [1, 2]),
  ]);
  expect(cells.map(({ summary }) => summaryOf(summary))).toEqual([
    { mean: null, n: 0, not_finite: [] },
    { mean: null, n: 0, not_finite: [] },
    { mean: expect.closeTo(0.8, 12), n: 2, not_finite: [] },
  ]);
});

test('seeds whose figure is no number are counted as such', () => {
  const [cell] = cellsOf([arm('rnn', 'mean', [0.9, Number.NaN, 0.8]), arm('rnn', 'max', [0.7, 0.7, 0.6])]);
  expect(summaryOf(cell!.summary)).toEqual({ mean: expect.closeTo(0.75, 12), n: 2, not_finite: [1] });
});

test('a difference is that of the comparisons, and of a tie it is 0', () => {
  const arms = [arm('rnn', 'max', [0.5, 0.3, 0.45]), arm('gru', 'mean', [0.3, 0.55, 0.4])] as const;
  const [, cell] = cellsOf(arms, { baseline: 'rnn, max' });
  const [one, other] = arms.map(({ id, metrics }) => ({ id, summary: metrics[METRIC] }));
  const [comparison] = compareArms(METRIC, [[other!, one!]]);
  expect([cell!.difference!, comparison!.difference].map(Math.abs)).toEqual([0, 0]);
});
