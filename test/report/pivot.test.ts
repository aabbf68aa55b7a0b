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

test('cells that lack some of the settings that others average over are marked, and differ over what both have', () => {
  const arms = [
    arm('rnn', 'last', [0.5, 0.501, 0.502]),
    arm('rnn', 'max', [0.9, 0.901, 0.902]),
    arm('lstm', 'last', [0.51, 0.511, 0.512]),
  ];
  const cells = cellsOf(arms, { baseline: { 'model.cell': 'rnn' } });
  expect(cells.map(({ summary, partial, difference }) => [summary.mean, partial, difference])).toEqual([
    [expect.closeTo(0.701, 12), undefined, null],
    [expect.closeTo(0.511, 12), true, expect.closeTo(0.01, 9)],
  ]);
});

test('what the baseline names is not matched', () => {
  const arms = ['rnn', 'lstm'].flatMap((cell, i) => [
    arm(cell, 'last', [0.5 + i / 10, 0.501 + i / 10]),
    arm(cell, 'max', [0.9 + i / 10, 0.901 + i / 10]),
  ]);
  const differences = (baseline: unknown) =>
    cellsOf(arms, { baseline }).map(({ difference }) => difference?.toFixed(4) ?? null);
  expect(differences({ 'model.cell': 'rnn' })).toEqual([null, '0.1000']);
  expect(differences({ 'model.cell': 'rnn', 'model.pooling': 'last' })).toEqual(['0.2000', '0.3000']);
  expect(differences('rnn, last')).toEqual(['0.2000', '0.3000']);
});

test('settings that go with the rows are not averaged over', () => {
  const paired = [arm('rnn', 'last', [0.5, 0.51]), arm('lstm', 'max', [0.6, 0.61])];
  const cells = cellsOf(paired, { baseline: { 'model.cell': 'rnn' } });
  expect(cells.map(({ partial, difference }) => [partial, difference?.toFixed(4)])).toEqual([
    [undefined, undefined],
    [undefined, '0.1000'],
  ]);
});

test('an axis that one row alone has is averaged over there', () => {
  const lstm = { ...arm('lstm', '', [0.8, 0.81]), settings: { 'model.cell': 'lstm' } };
  const cells = cellsOf([arm('rnn', 'last', [0.5, 0.51]), arm('rnn', 'max', [0.6, 0.61]), lstm], {
    baseline: { 'model.cell': 'rnn' },
  });
  expect(cells.map(({ partial, difference }) => [partial, difference?.toFixed(4)])).toEqual([
    [undefined, undefined],
    [undefined, '0.2500'],
  ]);
});

test('means over arms that are equal from seed to seed have no spread', () => {
  const [cell] = cellsOf([arm('rnn', 'mean', [0.807, 0.806, 0.805]), arm('rnn', 'max', [0.811, 0.812, 0.813])]);
  expect(cell!.summary).toMatchObject({ mean: 0.809, std: 0 });
});
