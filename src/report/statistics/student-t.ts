import { incompleteBeta } from './special-functions.js';

/** P(|T| ≥ |t|) for Student's t with `df` degrees of freedom (any number above 0). */
export function twoSidedP(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5);
}

/** The t that is exceeded with probability `p` (at most 0.5), found by bisection to full precision. */
export function upperQuantile(p: number, df: number): number {
  const ofP = QUANTILES.get(p) ?? new Map<number, number>();
  const known = ofP.get(df);
  if (known !== undefined) return known;
  const found = bisectQuantile(p, df);
  QUANTILES.set(p, ofP.set(df, found));
  return found;
}

// A report of ten thousand trials asks for a hundred thousand quantiles, nearly all of them the same few.
const QUANTILES = new Map<number, Map<number, number>>();

function bisectQuantile(p: number, df: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, df) / 2 > p) high *= 2;
  while (true) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (twoSidedP(middle, df) / 2 > p) low = middle;
    else high = middle;
  }
}
