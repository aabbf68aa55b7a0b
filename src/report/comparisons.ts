import type { ReportSettings } from './load/report-settings.js';
import { matchesArm } from './match-arm.js';
import { mainMetric } from './metrics.js';
import type { ReportArm } from './report-data.js';
import type { ComparedArm } from './statistics/comparison.js';

/** More pairs than this are not compared each with each: then every arm is compared with the first. */
const MOST_PAIRS = 15;

/** The metrics that arms are compared by, none with fewer than two arms. */
export function metricsToCompare(arms: readonly ReportArm[]): readonly string[] {
  const metric = arms.length < 2 ? null : mainMetric(arms);
  return metric === null ? [] : [metric];
}

/** Every arm against the baseline where one is named, else every pair, else (with many arms) all against the first. */
export function pairsToCompare(
  arms: readonly ReportArm[],
  { baseline }: ReportSettings,
  metric: string,
): readonly (readonly [ComparedArm, ComparedArm])[] {
  const compared = (arm: ReportArm): ComparedArm => ({ id: arm.id, summary: arm.metrics[metric] });
  const named = baseline === null ? undefined : arms.find((arm) => matchesArm(arm, baseline));
  const allPairs = (arms.length * (arms.length - 1)) / 2;
  if (named === undefined && allPairs <= MOST_PAIRS) {
    return arms.flatMap((against, i) => arms.slice(i + 1).map((arm) => [compared(arm), compared(against)] as const));
  }
  const against = named ?? arms[0]!;
  return arms.filter((arm) => arm !== against).map((arm) => [compared(arm), compared(against)] as const);
}
