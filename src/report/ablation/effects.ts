import { mainMetric } from '../metrics.js';
import type { ReportArm, Summary } from '../report-data.js';
import { FEWEST_PAIRS, withoutRounding } from '../statistics/comparison.js';
import { holm } from '../statistics/holm.js';
import { mean } from '../statistics/moments.js';
import { pairedTTest, signFlipP } from '../statistics/paired-tests.js';
import { meanOfArms, summariseValues } from '../summary.js';
import { type Contrast, interactionContrasts, shapleyContrasts, singleContrasts } from './contrasts.js';
import { type AblationMode, type AblationPlan, ablationOf, subsetValues, type Values } from './subsets.js';

/** A difference that a change makes, over seeds. */
export interface Effect {
  /** The factor, or the two of an interaction. */
  readonly factors: readonly string[];
  readonly summary: Summary;
  /** Over how many combinations of the other settings: those that have figures on both sides; absent where all do. */
  readonly combinations?: number;
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
  /** factorial: how many of the subsets lack figures with some of the other settings; absent where all have them. */
  readonly missing?: number;
  /** Combinations of the sweep's other settings, which differences are averaged over; absent where there is one. */
  readonly combinations?: number;
  /** Factors without an effect, for want of figures; absent where there are none. */
  readonly without_effect?: readonly string[];
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
  const { mode, factors, fraction, subsets } = plan;
  const { seeds, combinations } = subsetValues(arms, metric, plan);
  const settle = (contrasts: readonly Contrast[], over: readonly Values[]): readonly Effect[] =>
    seeds.length === 0 ? [] : settled(contrasts, { seeds, over, all: combinations.length });
  const lacking = subsets.filter((mask) => !combinations.every((values) => values.has(mask)));
  const whole = combinations.filter(({ size }) => size === subsets.length);
  const full = mode === 'factorial' && fraction === null && factors.length <= MOST_SHAPLEY ? whole : [];
  // Steps follow from one another only where the other settings are the same for all of them.
  const compared = mode === 'cumulative' ? withEvery(subsets, combinations).combinations : combinations;
  const effects = settle(singleContrasts(plan), compared);
  const without = factors.filter((factor) => !effects.some((effect) => effect.factors[0] === factor));
  return {
    mode,
    metric,
    ...(fraction === null ? {} : { fraction }),
    ...(mode !== 'factorial' || lacking.length === 0 ? {} : { missing: lacking.length }),
    ...(combinations.length < 2 ? {} : { combinations: combinations.length }),
    ...(without.length === 0 ? {} : { without_effect: without }),
    effects,
    interactions: settle(interactionContrasts(factors), full),
    shapley: settle(shapleyContrasts(factors), full),
    steps: seeds.length === 0 ? [] : stepsOf(plan, seeds, whole.length === 0 ? combinations : whole),
  };
}

interface Over {
  readonly seeds: readonly number[];
  /** The values of each combination of the other settings that may count. */
  readonly over: readonly Values[];
  /** How many combinations there are. */
  readonly all: number;
}

/** Each contrast that any combination of the other settings has the figures for, as the mean over those that have. */
function settled(contrasts: readonly Contrast[], { seeds, over, all }: Over): readonly Effect[] {
  const scale = over.reduce((largest, values) => Math.max(largest, largestOf(values)), 0);
  const effects = contrasts.flatMap((contrast) => {
    const found = over.flatMap((values) => {
      const differences = contrast.of(values);
      return differences === null ? [] : [differences];
    });
    if (found.length === 0) return [];
    const rough = seeds.map((_, s) => mean(found.map((differences) => differences[s]!)));
    return [{ factors: contrast.factors, rough, differences: withoutRounding(rough, scale), n: found.length }];
  });
  const ps = effects.map(({ differences }) =>
    differences.length < 2 ? null : (pairedTTest(differences)?.p ?? signFlipP(differences)),
  );
  const adjusted = holm(ps.map((p) => p ?? 1));
  return effects.map(({ factors, rough, differences, n }, i) => ({
    factors,
    summary: {
      ...summariseValues(differences.map((value, k) => ({ seed: seeds[k]!, value }))),
      // Of the differences before they were rid of their last bits: what is rounded off one by one need not add up to 0.
      mean: withoutRounding([mean(rough)], scale)[0]!,
    },
    ...(n === all ? {} : { combinations: n }),
    adjusted_p: ps[i] === null ? null : adjusted[i]!,
    told_apart: differences.length >= FEWEST_PAIRS && adjusted[i]! < 0.05,
  }));
}

function largestOf(values: Values): number {
  let largest = 0;
  for (const found of values.values()) for (const value of found) largest = Math.max(largest, Math.abs(value));
  return largest;
}

function stepsOf(
  { mode, factors }: AblationPlan,
  seeds: readonly number[],
  over: readonly Values[],
): Ablation['steps'] {
  const masks =
    mode === 'cumulative'
      ? Array.from({ length: factors.length + 1 }, (_, step) => 2 ** step - 1)
      : mode === 'factorial'
        ? [0, 2 ** factors.length - 1]
        : [];
  const { measured, combinations } = withEvery(masks, over);
  if (combinations.length === 0) return [];
  return measured.map((mask) => ({
    factors: factors.filter((_, k) => (mask & (1 << k)) !== 0),
    summary: summariseValues(
      seeds.map((seed, s) => ({ seed, value: meanOfArms(combinations.map((values) => values.get(mask)![s]!)) })),
    ),
  }));
}

/** Those of some subsets that have figures at all, and the combinations of the other settings that have them of each. */
function withEvery(masks: readonly number[], over: readonly Values[]) {
  const measured = masks.filter((mask) => over.some((values) => values.has(mask)));
  return { measured, combinations: over.filter((values) => measured.every((mask) => values.has(mask))) };
}
