import type { Summary } from '../report-data.js';
import { holm } from './holm.js';
import { mean, meanInterval, sampleStd } from './moments.js';
import { pairedTTest, signFlipP, type TTest, wilcoxonTest } from './paired-tests.js';
import { neededPairs } from './power.js';

/** Two arms on one metric, paired by the seeds that both completed. */
export interface Comparison {
  readonly metric: string;
  /** Arm ids; differences are `arm` − `against`. */
  readonly arm: string;
  readonly against: string;
  /** Pairs. */
  readonly n: number;
  readonly difference: number;
  /** 95 % interval of the difference. */
  readonly interval: readonly [number, number];
  /** Null when all differences are equal. */
  readonly t_test: TTest | null;
  readonly sign_flip_p: number;
  /** From n = 6. */
  readonly wilcoxon_p: number | null;
  /** Of the paired t-test (or of the sign flips, where there is none) by Holm over the comparisons of this metric. */
  readonly adjusted_p: number;
  /** Cohen's d_z; null when all differences are equal. */
  readonly effect_size: number | null;
  /** Whether adjusted_p is below 0.05 and there are at least three pairs. */
  readonly told_apart: boolean;
  /** Pairs that would find a difference of this size with power 0.8 at 5 %; null when not below 1,000 or not estimable. */
  readonly n_needed: number | null;
}

/**
 * Two differences of a share of so many test examples are easily equal, and then the t-test calls anything significant.
 */
export const FEWEST_PAIRS = 3;

export interface ComparedArm {
  readonly id: string;
  readonly summary: Summary | undefined;
}

/**
 * Compares pairs of arms on one metric; pairs with fewer than two common seeds are left out. All seeds are paired: the
 * same seed gives both arms the same split, batch order and, where shapes agree, initial weights.
 */
export function compareArms(
  metric: string,
  pairs: readonly (readonly [ComparedArm, ComparedArm])[],
): readonly Comparison[] {
  const compared = pairs.flatMap(([arm, against]) => {
    const differences = pairedDifferences(arm.summary, against.summary);
    return differences.length < 2 ? [] : [{ metric, arm: arm.id, against: against.id, ...compare(differences) }];
  });
  const adjusted = holm(compared.map(({ t_test, sign_flip_p }) => t_test?.p ?? sign_flip_p));
  return compared.map((comparison, i) => {
    const adjusted_p = adjusted[i]!;
    return { ...comparison, adjusted_p, told_apart: comparison.n >= FEWEST_PAIRS && adjusted_p < 0.05 };
  });
}

/** `a` − `b` for every seed that both have, free of rounding. */
export function pairedDifferences(a: Summary | undefined, b: Summary | undefined): readonly number[] {
  const others = new Map(b?.seeds.map((seed, i) => [seed, b.values[i]!]));
  let scale = 0;
  const differences = (a?.seeds ?? []).flatMap((seed, i) => {
    const other = others.get(seed);
    if (other === undefined) return [];
    scale = Math.max(scale, Math.abs(a!.values[i]!), Math.abs(other));
    return [a!.values[i]! - other];
  });
  return withoutRounding(differences, scale);
}

/**
 * Differences of numbers up to `scale`, rid of their last bits: 0.85 − 0.84 and 0.86 − 0.85 differ by rounding alone, and
 * to a rank test and to a spread they are equal.
 */
export function withoutRounding(differences: readonly number[], scale: number): readonly number[] {
  // A power of ten: what figures of few digits differ by is a whole multiple, and so is the sum of such differences.
  const grain = scale === 0 ? 0 : 10 ** (Math.ceil(Math.log10(scale)) - 13);
  return grain === 0 ? differences : differences.map((difference) => Math.round(difference / grain) * grain);
}

/** The mean difference, rid of its last bits as the differences are: of a tie it is 0. */
export function meanDifference(differences: readonly number[]): number {
  const largest = differences.reduce((size, difference) => Math.max(size, Math.abs(difference)), 0);
  return withoutRounding([mean(differences)], largest)[0]!;
}

function compare(
  differences: readonly number[],
): Omit<Comparison, 'metric' | 'arm' | 'against' | 'adjusted_p' | 'told_apart'> {
  const difference = meanDifference(differences);
  const std = sampleStd(differences);
  const effect = std === 0 ? null : difference / std;
  return {
    n: differences.length,
    difference,
    interval: meanInterval(differences)!,
    t_test: pairedTTest(differences),
    sign_flip_p: signFlipP(differences),
    wilcoxon_p: differences.length < 6 ? null : (wilcoxonTest(differences)?.p ?? null),
    effect_size: effect,
    n_needed: effect === null ? null : neededPairs(effect),
  };
}
