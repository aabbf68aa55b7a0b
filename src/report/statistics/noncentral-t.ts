import { incompleteBeta, logGamma, normalCdf } from './special-functions.js';

/**
 * P(T ≤ t) for the noncentral t distribution with `df` degrees of freedom and noncentrality `delta`:
 * Lenth, Applied Statistics 38 (1989), AS 243. For |delta| up to about 37.
 */
export function noncentralTCdf(t: number, df: number, delta: number): number {
  if (t < 0) return 1 - noncentralTCdf(-t, df, -delta);
  const x = (t * t) / (t * t + df);
  const half = (delta * delta) / 2;
  let sum = 0;
  if (x > 0) {
    let p = 0.5 * Math.exp(-half);
    let q = Math.sqrt(2 / Math.PI) * p * delta;
    let rest = 0.5 - p;
    // Both incomplete betas of step j follow from those of step j − 1 by one subtraction each.
    let a = 0.5;
    const b = df / 2;
    let odd = incompleteBeta(x, a, b);
    let oddStep = 2 * Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
    let even = 1 - (1 - x) ** b;
    let evenStep = b * x * (1 - x) ** b;
    sum = p * odd + q * even;
    for (let j = 1; j <= 10_000; j++) {
      a += 1;
      odd -= oddStep;
      even -= evenStep;
      oddStep *= (x * (a + b - 1)) / a;
      evenStep *= (x * (a + b - 0.5)) / (a + 0.5);
      p *= half / j;
      q *= half / (j + 0.5);
      rest -= p;
      sum += p * odd + q * even;
      if (Math.abs(2 * rest * (odd - oddStep)) < 1e-13) break;
    }
  }
  return Math.min(1, sum + normalCdf(-delta));
}
