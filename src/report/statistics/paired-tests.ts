import { randomStream } from '../../random/stream.js';
import { mean, sampleStd } from './moments.js';
import { normalCdf } from './special-functions.js';
import { twoSidedP } from './student-t.js';

export interface TTest {
  readonly t: number;
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
}

/** The paired t-test on n ≥ 2 differences; null when they have no spread, about which it can say nothing. */
export function pairedTTest(differences: readonly number[]): TTest | null {
  const n = differences.length;
  const std = sampleStd(differences);
  if (n < 2 || std === 0) return null;
  const t = mean(differences) / (std / Math.sqrt(n));
  return { t, df: n - 1, p: twoSidedP(t, n - 1) };
}

/**
 * Two-sided p of the sign-flip permutation test of the mean: exact (all 2ⁿ flips) up to 20 differences, above that from
 * 99,999 random flips of a fixed stream, counting the observed one. The smallest p that n differences can give is 2 / 2ⁿ.
 */
export function signFlipP(differences: readonly number[]): number {
  const n = differences.length;
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const scale = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  // Sums of the same numbers in another order differ in their last bits.
  const atLeast = observed - scale * 1e-12;
  if (n > 20) return randomFlipP(differences, atLeast);
  let extreme = 0;
  // A flip and its opposite are equally extreme, so the first sign can stay.
  const flips = 2 ** Math.max(0, n - 1);
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (flip >>> i) & 1 ? -differences[i]! : differences[i]!;
    if (Math.abs(sum) >= atLeast) extreme++;
  }
  return extreme / flips;
}

function randomFlipP(differences: readonly number[], atLeast: number): number {
  const stream = randomStream({ seed: 0, purpose: 'report.sign-flip' });
  const flips = 99_999;
  let extreme = 1;
  for (let flip = 0; flip < flips; flip++) {
    let sum = 0;
    let signs = 0;
    for (const [i, difference] of differences.entries()) {
      // A word holds the signs of 32 differences.
      if (i % 32 === 0) signs = stream.word();
      sum += (signs >>> (i % 32)) & 1 ? -difference : difference;
    }
    if (Math.abs(sum) >= atLeast) extreme++;
  }
  return extreme / (flips + 1);
}

export interface WilcoxonTest {
  /** The smaller of the two rank sums. */
  readonly w: number;
  /** Differences that are not 0. */
  readonly n: number;
  /** Two-sided; exact up to n = 50, the normal approximation with tie correction above. */
  readonly p: number;
}

/**
 * Wilcoxon's signed-rank test. Differences of 0 are left out (Wilcoxon's way); ties share their mean rank, and the exact
 * distribution is that of the shared ranks. Null when every difference is 0.
 */
export function wilcoxonTest(differences: readonly number[]): WilcoxonTest | null {
  const kept = differences.filter((difference) => difference !== 0);
  const n = kept.length;
  if (n === 0) return null;
  const doubled = doubledRanks(kept.map(Math.abs));
  const total = n * (n + 1);
  const plus = kept.reduce((sum, difference, i) => sum + (difference > 0 ? doubled[i]! : 0), 0);
  const smaller = Math.min(plus, total - plus);
  const p = n <= 50 ? exactRankSumP(doubled, smaller) : approximateRankSumP(doubled, smaller);
  return { w: smaller / 2, n, p };
}

/** Twice the rank of each value from 1, ties sharing their mean rank: whole numbers. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let k = start; k <= end; k++) ranks[order[k]!] = start + end + 2;
    start = end + 1;
  }
  return ranks;
}

/** P(rank sum ≤ `smaller`), doubled: subsets of the ranks counted by their sum. */
function exactRankSumP(ranks: readonly number[], smaller: number): number {
  const chance = new Float64Array(smaller + 1);
  chance[0] = 1;
  for (const rank of ranks) {
    for (let sum = smaller; sum >= 0; sum--) {
      chance[sum] = (chance[sum]! + (sum >= rank ? chance[sum - rank]! : 0)) / 2;
    }
  }
  return Math.min(1, 2 * chance.reduce((sum, value) => sum + value, 0));
}

function approximateRankSumP(ranks: readonly number[], smaller: number): number {
  const centre = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  return Math.min(1, 2 * normalCdf((smaller - centre) / Math.sqrt(variance)));
}
