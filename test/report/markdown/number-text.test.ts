import { describe, expect, test } from 'vitest';
import {
  countText,
  durationText,
  numberText,
  probabilityText,
  styleOf,
  summaryText,
  timeText,
} from '../../../src/report/markdown/number-text.js';
import { summariseValues } from '../../../src/report/summary.js';

const over = (...values: readonly number[]) => summariseValues(values.map((value, seed) => ({ seed, value })));

describe('numbers', () => {
  test.each([
    ['test.accuracy', 0.85884, '0.8588'],
    ['test.loss', 0.00001234, '1.2e-5'],
    ['test.loss', 0, '0.0000'],
    ['test.perplexity', 1234.567, '1,234.6'],
    ['test.loss', Number.NaN, 'NaN'],
    ['test.loss', 4.454335262892158e199, '4.4543e+199'],
    ['timing.tokens_per_second', 1.23456e30, '1.2346e+30'],
    ['timing.train_seconds', 18.24286, '18.2'],
    ['timing.train_seconds', 0.36789, '0.368'],
    ['timing.train_seconds', 9.996, '10.0'],
    ['timing.train_seconds', 165.26667, '165'],
    ['timing.tokens_per_second', 298764.3, '299,000'],
    ['timing.peak_memory_bytes', 212_345_678, '212'],
  ])('%s of %d reads %s', (metric, value, text) => expect(numberText(value, styleOf(metric))).toBe(text));

  test.each([
    [[0.85, 0.87], '0.8600 ± 0.0141'],
    [[0.85], '0.8500'],
    [[0.85, Number.NaN, 0.87], '0.8600 ± 0.0141 (n = 2)'],
    [[Number.NaN], 'NaN'],
    [[], ''],
  ])('%j reads %s', (values, text) => expect(summaryText(over(...values), styleOf('test.accuracy'))).toBe(text));

  test('a spread has the digits of its mean', () => {
    expect(summaryText(over(10_000, 12_000), styleOf('timing.tokens_per_second'))).toBe('11,000 ± 1,400');
  });

  test('counts have separators, p is never 0', () => {
    expect(countText(1321730)).toBe('1,321,730');
    expect(probabilityText(0)).toBe('< 0.001');
    expect(probabilityText(0.0497)).toBe('0.050');
  });
});

test.each([
  [0.5, '0.500 s'],
  [45.23, '45.2 s'],
  [125, '2 min 5 s'],
  [3599.7, '1 h 0 min'],
  [7380, '2 h 3 min'],
])('%d seconds read %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

test('a time is given in UTC, and nonsense is none', () => {
  expect(timeText('2026-11-22T09:30:12.345Z')).toBe('2026-11-22 09:30 UTC');
  expect(timeText('yesterday')).toBeNull();
});
