import type { CaseTensor } from './case-file.js';

/** The largest error of one tensor, over the largest magnitude that was expected. */
export type Comparison = {
  readonly name: string;
  readonly error: number;
};

/** max|found − expected| ÷ max|expected| (÷ 1 where zeros are expected); infinite when sizes differ or a number is not finite. */
export function compare(name: string, found: ArrayLike<number>, expected: CaseTensor['data']): Comparison {
  if (found.length !== expected.length) return { name, error: Infinity };
  let largest = 0;
  let difference = 0;
  for (let n = 0; n < expected.length; n++) {
    largest = Math.max(largest, Math.abs(expected[n]!));
    difference = Math.max(difference, Math.abs(found[n]! - expected[n]!));
  }
  const error = difference / (largest || 1);
  return { name, error: Number.isNaN(error) ? Infinity : error };
}

/** The comparison with the largest error. */
export function worst(comparisons: readonly Comparison[]): Comparison {
  return comparisons.reduce((a, b) => (b.error > a.error ? b : a));
}
