import { type Ablation, ablateCount } from '../../plan/operators/ablate.js';
import { isObject } from '../load/fields.js';
import type { ReportArm } from '../report-data.js';
import { mean } from '../statistics/moments.js';

export type AblationMode = 'one_at_a_time' | 'leave_one_out' | 'cumulative' | 'factorial';

/** An ablation as the sweep asks for it. */
export interface AblationPlan {
  readonly mode: AblationMode;
  /** The factors' names, in order. */
  readonly factors: readonly string[];
  /** The share of a factorial's subsets that was run, as `1/2`; null for all. */
  readonly fraction: string | null;
  /** Subsets that the sweep runs. */
  readonly count: number;
  /** The factors that an arm has, as bits: factor k is bit k. */
  maskOf(arm: ReportArm): number;
}

const MODES: readonly string[] = ['one_at_a_time', 'leave_one_out', 'cumulative', 'factorial'];
const MOST_FACTORS = 16;

/** The sweep's ablation, or null when it has none that can be read. */
export function ablationOf(sweep: unknown): AblationPlan | null {
  const ablate = isObject(sweep) && isObject(sweep.ablate) ? sweep.ablate : null;
  if (ablate === null || !isObject(ablate.factors)) return null;
  const { mode = 'one_at_a_time', factors } = ablate;
  const fraction = mode === 'factorial' && typeof ablate.fraction === 'string' ? ablate.fraction : null;
  const names = Object.keys(factors);
  if (names.length === 0 || names.length > MOST_FACTORS || !MODES.includes(String(mode))) return null;
  const settings = names.map((name) => factors[name]);
  return {
    mode: mode as AblationMode,
    factors: names,
    fraction,
    count: ablateCount(ablate as unknown as Ablation),
    maskOf: (arm) =>
      settings.reduce<number>((mask, wanted, k) => (isObject(wanted) && sets(arm, wanted) ? mask | (1 << k) : mask), 0),
  };
}

/** By what the sweep set alone: a factor that sets what the pipeline has anyway is there only in the arms that ask for it. */
function sets({ settings }: ReportArm, wanted: { readonly [path: string]: unknown }): boolean {
  return Object.entries(wanted).every(([path, value]) => JSON.stringify(settings[path]) === JSON.stringify(value));
}

/** A metric of each subset of factors, seed by seed; other settings that vary are averaged over. */
export interface SubsetValues {
  /** Seeds that every subset has, in order. */
  readonly seeds: readonly number[];
  /** By mask, in the order of `seeds`. */
  readonly values: ReadonlyMap<number, readonly number[]>;
}

export function subsetValues(arms: readonly ReportArm[], metric: string, plan: AblationPlan): SubsetValues {
  const bySubset = new Map<number, ReportArm[]>();
  for (const arm of arms) {
    const mask = plan.maskOf(arm);
    const sharing = bySubset.get(mask);
    if (sharing === undefined) bySubset.set(mask, [arm]);
    else sharing.push(arm);
  }
  const seedsOf = (arm: ReportArm): readonly number[] => arm.metrics[metric]?.seeds ?? [];
  const measured = [...bySubset].filter(([, sharing]) => sharing.every((arm) => seedsOf(arm).length > 0));
  const [first] = measured;
  const all = measured.flatMap(([, sharing]) => sharing);
  const seeds = (first === undefined ? [] : seedsOf(first[1][0]!)).filter((seed) =>
    all.every((arm) => seedsOf(arm).includes(seed)),
  );
  return {
    seeds,
    values: new Map(
      measured.map(([mask, sharing]) => [
        mask,
        seeds.map((seed) =>
          mean(sharing.map(({ metrics }) => metrics[metric]!.values[metrics[metric]!.seeds.indexOf(seed)]!)),
        ),
      ]),
    ),
  };
}
