import { upperQuantile } from './student-t.js';

/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  if (Number.isFinite(sum)) return sum / values.length;
  // The sum of large numbers may be beyond all numbers where their mean is not.
  return values.reduce((centre, value) => centre + value / values.length, 0);
}

/** The sample's standard deviation (n − 1), at most the largest number; NaN with fewer than two values. */
export function sampleStd(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  // Equal values have no spread, whatever the rounding of their mean.
  if (values.every((value) => value === values[0])) return 0;
  // Squares leave the range of numbers long before their root does. A power of two changes no digit.
  const largest = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const scale = 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
  const scaled = values.map((value) => value / scale);
  const centre = mean(scaled);
  let squares = 0;
  for (const value of scaled) squares += (value - centre) ** 2;
  return withinNumbers(Math.sqrt(squares / (values.length - 1)) * scale);
}

/** The confidence interval of the mean by Student's t, or null with fewer than two values. */
export function meanInterval(values: readonly number[], confidence = 0.95): readonly [number, number] | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = mean(values);
  const reach = (upperQuantile((1 - confidence) / 2, n - 1) * sampleStd(values)) / Math.sqrt(n);
  return [withinNumbers(centre - reach), withinNumbers(centre + reach)];
}

/** JSON has no infinity: what is beyond all numbers is the largest. */
function withinNumbers(value: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}
