import type { ArmFinder, WantedArm } from '../expect/match-arm.js';
import { mainMetric } from './metrics.js';
import type { ReportArm } from './report-data.js';
import type { ComparedArm } from './statistics/comparison.js';

/** More pairs than this are not compared each with each: then every arm is compared with one. */
const MOST_PAIRS = 15;

/** The metrics that arms are compared by, none with fewer than two arms. */
export function metricsToCompare(arms: readonly ReportArm[]): readonly string[] {
  const metric = arms.length < 2 ? null : mainMetric(arms);
  return metric === null ? [] : [metric];
}

/**
 * The arm that the others are compared with: the one that the report names, else the one arm that changes nothing where
 * the others change something (a list's or an ablation's base). Null when there is none.
 */
export function baselineOf(
  arms: readonly ReportArm[],
  { baseline, finder }: { readonly baseline: WantedArm | null; readonly finder: ArmFinder },
): ReportArm | null {
  if (baseline !== null) {
    const named = arms.find((arm) => finder.matches(arm, baseline));
    if (named !== undefined) return named;
  }
  const unchanged = arms.filter(({ settings }) => Object.keys(settings).length === 0);
  if (arms.length > 1 && unchanged.length === 1) return unchanged[0]!;
  return arms.length > 1 ? (arms.find(({ label }) => label === 'base') ?? null) : null;
}

/** The arms that have values enough of a metric to be compared, were it with the same seeds; each of the trials' owners once. */
export function repeatedArms(arms: readonly ReportArm[], metric: string): readonly ReportArm[] {
  // What shares its trials with another arm differs from it by nothing.
  return arms.filter(({ same_as, metrics }) => same_as === null && (metrics[metric]?.n ?? 0) > 1);
}

/**
 * The arm that all others are compared with: the owner of the baseline's trials where there is one; with many arms the first
 * that can be compared. Null where each is compared with each.
 */
export function comparedWith(
  arms: readonly ReportArm[],
  { baseline, metric }: { readonly baseline: ReportArm | null; readonly metric: string },
): ReportArm | null {
  if (baseline !== null) return arms.find(({ id }) => id === baseline.same_as) ?? baseline;
  const repeated = repeatedArms(arms, metric);
  return (repeated.length * (repeated.length - 1)) / 2 > MOST_PAIRS ? repeated[0]! : null;
}

/** Every arm against the baseline where there is one, else every pair, else (with many arms) all against the first. */
export function pairsToCompare(
  arms: readonly ReportArm[],
  { baseline, metric }: { readonly baseline: ReportArm | null; readonly metric: string },
): readonly (readonly [ComparedArm, ComparedArm])[] {
  const compared = (arm: ReportArm): ComparedArm => ({ id: arm.id, summary: arm.metrics[metric] });
  const others = repeatedArms(arms, metric);
  const against = comparedWith(arms, { baseline, metric });
  if (against === null)
    return others.flatMap((first, i) => others.slice(i + 1).map((arm) => [compared(arm), compared(first)] as const));
  return others.filter((arm) => arm !== against).map((arm) => [compared(arm), compared(against)] as const);
}
