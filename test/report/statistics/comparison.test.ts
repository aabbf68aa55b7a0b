import { expect, it } from 'vitest';
import { meanDifference, withoutRounding } from '../../../src/report/statistics/comparison.js';

it.each([
  [
    [0.81, 0.82, 0.83],
    [0.82, 0.815, 0.825],
  ],
  [
    [0.81, 0.82, 0.83],
    [0.83, 0.82, 0.81],
  ],
  [
    [123.4, 122.3, 121.2],
    [122.3, 123.4, 121.2],
  ],
  [
    [1e-300, 2e-300],
    [2e-300, 1e-300],
  ],
])('%j and %j are equal in the mean, whatever their binary digits', (ours, theirs) => {
  const differences = ours.map((value, n) => value - theirs[n]!);
  expect(meanDifference(withoutRounding(differences, Math.max(...ours, ...theirs)))).toBe(0);
});
