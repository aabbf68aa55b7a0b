import { upperQuantile } from './student-t.js';

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The sample's standard deviation (n − 1); NaN with fewer than two values. */
export function sampleStd(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  // Equal values have no spread, whatever the rounding of their mean.
  if (values.every((value) => value === values[0])) return 0;
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** The confidence interval of the mean by Student's t, or null with fewer than two values. */
export function meanInterval(values: readonly number[], confidence = 0.95): readonly [number, number] | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = mean(values);
  const reach = (upperQuantile((1 - confidence) / 2, n - 1) * sampleStd(values)) / Math.sqrt(n);
  return [centre - reach, centre + reach];
}
