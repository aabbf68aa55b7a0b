import { noncentralTCdf } from './noncentral-t.js';
import { upperQuantile } from './student-t.js';

/** The power of the two-sided paired t-test with `n` pairs for an effect of `d` standard deviations of the differences. */
export function pairedPower(d: number, n: number, alpha = 0.05): number {
  const critical = upperQuantile(alpha / 2, n - 1);
  const delta = Math.abs(d) * Math.sqrt(n);
  // Beyond this the test cannot miss, and the series underflows.
  if (delta > 30) return 1;
  return 1 - noncentralTCdf(critical, n - 1, delta) + noncentralTCdf(-critical, n - 1, delta);
}

/** The least number of pairs that reaches `power` for an effect of `d`, or null when it is above `most`. */
export function neededPairs(
  d: number,
  {
    power = 0.8,
    alpha = 0.05,
    most = 1000,
  }: { readonly power?: number; readonly alpha?: number; readonly most?: number } = {},
): number | null {
  if (!(Math.abs(d) > 0) || pairedPower(d, most, alpha) < power) return null;
  let low = 1;
  let high = most;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (pairedPower(d, middle, alpha) >= power) high = middle;
    else low = middle;
  }
  return high;
}
