import { mainMetric } from '../metrics.js';
import type { ReportArm, Summary } from '../report-data.js';
import { FEWEST_PAIRS, withoutRounding } from '../statistics/comparison.js';
import { holm } from '../statistics/holm.js';
import { mean } from '../statistics/moments.js';
import { pairedTTest, signFlipP } from '../statistics/paired-tests.js';
import { summariseValues } from '../summary.js';
import { type AblationMode, type AblationPlan, ablationOf, type SubsetValues, subsetValues } from './subsets.js';

/** A difference that a change makes, over seeds. */
export interface Effect {
  /** The factor, or the two of an interaction. */
  readonly factors: readonly string[];
  readonly summary: Summary;
  /** Of the paired t-test by Holm over the effects of one table; null with fewer than two seeds. */
  readonly adjusted_p: number | null;
  readonly told_apart: boolean;
}

/** What each factor of an ablation does. */
export interface Ablation {
  readonly mode: AblationMode;
  readonly metric: string;
  /** factorial: the share of the subsets that was run, as `1/2`; absent where all were. */
  readonly fraction?: string;
  /** factorial: how many of the subsets have no figures; absent where all have. */
  readonly missing?: number;
  /** one_at_a_time: with the factor alone − base. leave_one_out: with all − without it. cumulative: − the step before. factorial: with − without, over all else that was run both with and without it. */
  readonly effects: readonly Effect[];
  /** factorial, every subset run: the effect of one with the other − without it. */
  readonly interactions: readonly Effect[];
  /** factorial, every subset run: each factor's Shapley value, of the gain of all over none. */
  readonly shapley: readonly Effect[];
  /** cumulative: the metric after each step, the base first; factorial: of none and of all. */
  readonly steps: readonly { readonly factors: readonly string[]; readonly summary: Summary }[];
}

const MOST_SHAPLEY = 12;

/** The effects of the sweep's ablation on the main metric; null when there is none, or nothing was measured. */
export function ablationEffects(sweep: unknown, arms: readonly ReportArm[]): Ablation | null {
  const plan = ablationOf(sweep);
  const metric = mainMetric(arms);
  if (plan === null || metric === null) return null;
  const found = subsetValues(arms, metric, plan);
  if (found.seeds.length === 0) return null;
  const { mode, factors, fraction, count } = plan;
  const missing = mode === 'factorial' ? Math.max(0, count - found.values.size) : 0;
  const full = mode === 'factorial' && factors.length <= MOST_SHAPLEY && found.values.size === 2 ** factors.length;
  return {
    mode,
    metric,
    ...(fraction === null ? {} : { fraction }),
    ...(missing === 0 ? {} : { missing }),
    effects: settled(singleEffects(plan, found), found),
    interactions: full ? settled(interactionEffects(factors, found), found) : [],
    shapley: full ? settled(shapleyValues(factors, found), found) : [],
    steps: stepsOf(plan, found),
  };
}

interface RawEffect {
  readonly factors: readonly string[];
  /** In the order of the seeds. */
  readonly differences: readonly number[];
}

function settled(rough: readonly RawEffect[], { values, seeds }: SubsetValues): readonly Effect[] {
  const scale = [...values.values()].flat().reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const effects = rough.map(({ factors, differences }) => ({
    factors,
    differences: withoutRounding(differences, scale),
  }));
  const ps = effects.map(({ differences }) =>
    differences.length < 2 ? null : (pairedTTest(differences)?.p ?? signFlipP(differences)),
  );
  const adjusted = holm(ps.map((p) => p ?? 1));
  return effects.map(({ factors, differences }, i) => ({
    factors,
    summary: summariseValues(differences.map((value, k) => ({ seed: seeds[k]!, value }))),
    adjusted_p: ps[i] === null ? null : adjusted[i]!,
    told_apart: differences.length >= FEWEST_PAIRS && adjusted[i]! < 0.05,
  }));
}

function singleEffects(
  { mode, factors, fraction, count }: AblationPlan,
  { values, seeds }: SubsetValues,
): readonly RawEffect[] {
  const all = 2 ** factors.length - 1;
  return factors.flatMap((factor, k): readonly RawEffect[] => {
    const bit = 1 << k;
    if (mode === 'factorial') {
      // A whole fraction is balanced in all other factors; of a set with gaps only matched pairs are.
      const pairs = fraction === null ? matchedPairs(values, bit) : values.size < count ? [] : [halves(values, bit)];
      if (pairs.length === 0) return [];
      const differences = seeds.map((_, s) =>
        mean(pairs.map(([withFactor, without]) => average(withFactor, s) - average(without, s))),
      );
      return [{ factors: [factor], differences }];
    }
    const [after, before] =
      mode === 'leave_one_out' ? [all, all & ~bit] : mode === 'cumulative' ? [2 * bit - 1, bit - 1] : [bit, 0];
    const [ours, theirs] = [values.get(after), values.get(before)];
    return ours === undefined || theirs === undefined
      ? []
      : [{ factors: [factor], differences: ours.map((value, s) => value - theirs[s]!) }];
  });
}

type Group = readonly (readonly number[])[];
type Values = SubsetValues['values'];

/** Each subset without the factor beside the same one with it, where both were measured. */
function matchedPairs(values: Values, bit: number): readonly (readonly [withFactor: Group, without: Group])[] {
  return [...values].flatMap(([mask, without]) => {
    const withFactor = (mask & bit) === 0 ? values.get(mask | bit) : undefined;
    return withFactor === undefined ? [] : [[[withFactor], [without]] as const];
  });
}

/** All subsets with the factor beside all without it. */
function halves(values: Values, bit: number): readonly [withFactor: Group, without: Group] {
  const where = (there: boolean): Group =>
    [...values].filter(([mask]) => ((mask & bit) !== 0) === there).map(([, found]) => found);
  return [where(true), where(false)];
}

function interactionEffects(factors: readonly string[], { values, seeds }: SubsetValues): readonly RawEffect[] {
  return factors.flatMap((first, i) =>
    factors.slice(i + 1).map((second, offset): RawEffect => {
      const [a, b] = [1 << i, 1 << (i + 1 + offset)];
      const group = (mask: number): Group =>
        [...values].filter(([subset]) => (subset & (a | b)) === mask).map(([, found]) => found);
      const [both, onlyA, onlyB, none] = [group(a | b), group(a), group(b), group(0)];
      const differences = seeds.map(
        (_, s) => average(both, s) - average(onlyB, s) - (average(onlyA, s) - average(none, s)),
      );
      return { factors: [first, second], differences };
    }),
  );
}

/** Each factor's mean contribution over all orders in which the factors could be added (Shapley, 1953), seed by seed. */
function shapleyValues(factors: readonly string[], { values, seeds }: SubsetValues): readonly RawEffect[] {
  const k = factors.length;
  // |S|! (k − |S| − 1)! / k! by |S|.
  const weights = Array.from({ length: k }, (_, size) => 1 / (k * binomial(k - 1, size)));
  return factors.map((factor, i) => {
    const bit = 1 << i;
    const differences = seeds.map(() => 0);
    for (const [mask, found] of values) {
      if ((mask & bit) !== 0) continue;
      const withFactor = values.get(mask | bit)!;
      const weight = weights[ones(mask)]!;
      for (const s of seeds.keys()) differences[s]! += weight * (withFactor[s]! - found[s]!);
    }
    return { factors: [factor], differences };
  });
}

function stepsOf({ mode, factors }: AblationPlan, { values, seeds }: SubsetValues): Ablation['steps'] {
  const masks =
    mode === 'cumulative'
      ? Array.from({ length: factors.length + 1 }, (_, step) => 2 ** step - 1)
      : mode === 'factorial'
        ? [0, 2 ** factors.length - 1]
        : [];
  return masks.flatMap((mask) => {
    const found = values.get(mask);
    if (found === undefined) return [];
    const summary = summariseValues(found.map((value, s) => ({ seed: seeds[s]!, value })));
    return [{ factors: factors.filter((_, k) => (mask & (1 << k)) !== 0), summary }];
  });
}

function average(group: Group, seed: number): number {
  return group.reduce((sum, found) => sum + found[seed]!, 0) / group.length;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

function ones(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
