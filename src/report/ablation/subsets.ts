import { type Ablation, ablateSubsets, denominatorOf } from '../../plan/operators/ablate.js';
import { fractionalDesign } from '../../plan/operators/fraction.js';
import { groupBy } from '../group.js';
import { isObject } from '../load/fields.js';
import { matchedPaths, settingsText } from '../other-settings.js';
import type { ReportArm } from '../report-data.js';
import { meanOfArms } from '../summary.js';

export type AblationMode = 'one_at_a_time' | 'leave_one_out' | 'cumulative' | 'factorial';

/** An ablation as the sweep asks for it. */
export interface AblationPlan {
  readonly mode: AblationMode;
  /** The factors' names, in order. */
  readonly factors: readonly string[];
  /** The share of a factorial's subsets that was run, as `1/2`; null for all. */
  readonly fraction: string | null;
  /** The subsets of factors that the sweep runs, as bits: factor k is bit k. */
  readonly subsets: readonly number[];
  /** Those that an arm is of: more than one where a later factor leaves nothing of an earlier one, none of other arms. */
  subsetsOf(arm: ReportArm): readonly number[];
  /** The settings that its base and factors set. */
  readonly paths: readonly string[];
}

const MODES: readonly string[] = ['one_at_a_time', 'leave_one_out', 'cumulative', 'factorial'];
const MOST_FACTORS = 16;

/** The sweep's ablation, or null when it has none that can be read. */
export function ablationOf(sweep: unknown): AblationPlan | null {
  const ablation = isObject(sweep) ? readAblation(sweep.ablate) : null;
  if (ablation === null) return null;
  const { mode = 'one_at_a_time', base = {}, factors, fraction = null } = ablation;
  const paths = [...new Set([base, ...Object.values(factors)].flatMap((settings) => Object.keys(settings)))];
  const subsets = ablateSubsets(ablation).map(({ present, settings }) => ({
    mask: present.reduce((mask, there, k) => (there ? mask | (1 << k) : mask), 0),
    settings: Object.fromEntries(settings.map(({ path, value }) => [path, value])),
  }));
  const bySettings = groupBy(subsets, ({ settings }) => settingsText(settings, paths));
  return {
    mode,
    factors: Object.keys(factors),
    fraction: mode === 'factorial' ? fraction : null,
    subsets: subsets.map(({ mask }) => mask),
    paths,
    // By what the sweep set: a factor that sets what the pipeline has anyway is there only in the arms that ask for it.
    subsetsOf: ({ settings }) => (bySettings.get(settingsText(settings, paths)) ?? []).map(({ mask }) => mask),
  };
}

/** As much as a plan's own checks have made sure of, of a plan that may have been written by hand. */
function readAblation(ablate: unknown): Ablation | null {
  if (!isObject(ablate) || !isObject(ablate.factors)) return null;
  const { mode = 'one_at_a_time', base = {}, factors, fraction } = ablate;
  const count = Object.keys(factors).length;
  const readable =
    MODES.includes(String(mode)) &&
    [base, ...Object.values(factors)].every(isObject) &&
    count > 0 &&
    count <= MOST_FACTORS &&
    (fraction === undefined ||
      (typeof fraction === 'string' && fractionalDesign(count, denominatorOf(fraction)) !== null));
  return readable ? (ablate as unknown as Ablation) : null;
}

/** A metric by subset of factors, seed by seed. */
export type Values = ReadonlyMap<number, readonly number[]>;

export interface SubsetValues {
  /** Seeds that all of the values have, in order. */
  readonly seeds: readonly number[];
  /**
   * The values for each combination of the other settings of the sweep. Some may lack subsets, left out of the plan or
   * without figures: only within a combination do two subsets differ in nothing but their factors.
   */
  readonly combinations: readonly Values[];
}

export function subsetValues(arms: readonly ReportArm[], metric: string, plan: AblationPlan): SubsetValues {
  const members = arms.flatMap((arm) => plan.subsetsOf(arm).map((mask) => ({ mask, arm })));
  const others = matchedPaths(
    [...new Set(arms.flatMap(({ settings }) => Object.keys(settings)))]
      .filter((path) => !plan.paths.includes(path))
      .sort(),
    [...groupBy(members, ({ mask }) => mask).values()].map((sharing) => sharing.map(({ arm }) => arm)),
  );
  const seedsOf = (arm: ReportArm): readonly number[] => arm.metrics[metric]?.seeds ?? [];
  const measured = [...groupBy(members, ({ arm }) => settingsText(arm.settings, others)).values()].map((matched) => {
    const bySubset = groupBy(matched, ({ mask }) => mask);
    return plan.subsets.flatMap((mask) => {
      const found = (bySubset.get(mask) ?? []).map(({ arm }) => arm);
      return found.length > 0 && found.every((arm) => seedsOf(arm).length > 0) ? [{ mask, found }] : [];
    });
  });
  const all = measured.flat().flatMap(({ found }) => found);
  const seeds = (all[0] === undefined ? [] : seedsOf(all[0])).filter((seed) =>
    all.every((arm) => seedsOf(arm).includes(seed)),
  );
  return { seeds, combinations: measured.map((subsets) => new Map(subsets.map(valuesOf))) };

  function valuesOf({ mask, found }: { readonly mask: number; readonly found: readonly ReportArm[] }) {
    const of = ({ metrics }: ReportArm, seed: number): number =>
      metrics[metric]!.values[metrics[metric]!.seeds.indexOf(seed)]!;
    return [mask, seeds.map((seed) => meanOfArms(found.map((arm) => of(arm, seed))))] as const;
  }
}
