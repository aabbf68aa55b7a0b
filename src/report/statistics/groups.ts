import type { ReportArm } from '../report-data.js';
import type { Comparison } from './comparison.js';

/** Arms that cannot be told apart on a metric, by id: of the largest mean first. */
export interface ArmGroup {
  readonly metric: string;
  readonly arms: readonly string[];
}

/**
 * The largest groups of arms of which no pair is told apart, in the order of their means; an arm may be in several.
 * Where arms were compared with one baseline alone: the baseline and those that are not told apart from it.
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

function aroundBase(family: readonly Comparison[]): readonly string[] {
  return [family[0]!.against, ...family.filter(({ told_apart }) => !told_apart).map(({ arm }) => arm)];
}

/** Runs of neighbours, in the order of their means, all of whose pairs were compared and not told apart. */
function chains(
  arms: readonly ReportArm[],
  family: readonly Comparison[],
  metric: string,
): readonly (readonly string[])[] {
  const same = new Set(
    family
      .filter(({ told_apart }) => !told_apart)
      .flatMap(({ arm, against }) => [`${arm}\n${against}`, `${against}\n${arm}`]),
  );
  const order = arms
    .filter(({ metrics }) => metrics[metric]?.mean != null)
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
