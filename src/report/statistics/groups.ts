import type { ReportArm } from '../report-data.js';
import { type Comparison, FEWEST_PAIRS } from './comparison.js';

/** Arms that were compared on a metric and cannot be told apart, by id: of the largest mean first. */
export interface ArmGroup {
  readonly metric: string;
  readonly arms: readonly string[];
}

/**
 * The largest groups of arms of which every pair was tested and none is told apart, in the order of their means; an arm may
 * be in several.
 * Where arms were compared with one baseline alone: the baseline and those that were tested and are not told apart from it.
 */
export function armGroups(arms: readonly ReportArm[], comparisons: readonly Comparison[]): readonly ArmGroup[] {
  const metrics = [...new Set(comparisons.map(({ metric }) => metric))];
  return metrics.flatMap((metric) => {
    const family = comparisons.filter((comparison) => comparison.metric === metric);
    const bases = new Set(family.map(({ against }) => against));
    const groups = bases.size === 1 && family.length > 1 ? [aroundBase(family)] : chains(arms, family, metric);
    return groups.filter((group) => group.length > 1).map((group) => ({ metric, arms: group }));
  });
}

/** The arms of a metric's comparisons none of which has pairs enough to tell anything. */
export function untestedArms(family: readonly Comparison[]): readonly string[] {
  const tested = testedArms(family);
  const compared = new Set(family.flatMap(({ arm, against }) => [against, arm]));
  return [...compared].filter((id) => !tested.has(id));
}

function testedArms(family: readonly Comparison[]): ReadonlySet<string> {
  return new Set(family.filter(isTested).flatMap(({ arm, against }) => [against, arm]));
}

function isTested({ n }: Comparison): boolean {
  return n >= FEWEST_PAIRS;
}

function isSame(comparison: Comparison): boolean {
  return isTested(comparison) && !comparison.told_apart;
}

function aroundBase(family: readonly Comparison[]): readonly string[] {
  return [family[0]!.against, ...family.filter(isSame).map(({ arm }) => arm)];
}

/** Runs of neighbours, in the order of their means, all of whose pairs were tested and not told apart. */
function chains(
  arms: readonly ReportArm[],
  family: readonly Comparison[],
  metric: string,
): readonly (readonly string[])[] {
  const same = new Set(
    family.filter(isSame).flatMap(({ arm, against }) => [`${arm}\n${against}`, `${against}\n${arm}`]),
  );
  // An arm of which nothing is known parts no neighbours.
  const tested = testedArms(family);
  const order = arms
    .filter(({ id, metrics }) => tested.has(id) && metrics[metric]?.mean != null)
    .sort((a, b) => b.metrics[metric]!.mean! - a.metrics[metric]!.mean!)
    .map(({ id }) => id);
  const groups: string[][] = [];
  let reached = -1;
  for (let start = 0; start < order.length; start++) {
    let end = start;
    while (end + 1 < order.length && order.slice(start, end + 1).every((id) => same.has(`${id}\n${order[end + 1]}`)))
      end++;
    // What lies within the group before says nothing new.
    if (end > reached) groups.push(order.slice(start, end + 1));
    reached = Math.max(reached, end);
  }
  return groups;
}
