import { groupBy } from '../group.js';
import type { ReportArm } from '../report-data.js';
import { type Comparison, FEWEST_PAIRS } from './comparison.js';

/** Arms that were compared on a metric and cannot be told apart, by id: of the largest mean first. */
export interface ArmGroup {
  readonly metric: string;
  readonly arms: readonly string[];
}

/**
 * The largest sets of arms of which every pair was tested and none is told apart, in the order of their means; an arm may
 * be in several. Where all were compared with one baseline alone, each is a pair: of two arms that were not compared
 * nothing is known.
 */
export function armGroups(arms: readonly ReportArm[], comparisons: readonly Comparison[]): readonly ArmGroup[] {
  return [...groupBy(comparisons, ({ metric }) => metric)].flatMap(([metric, family]) => {
    const same = sameArms(family);
    const order = arms
      .filter(({ id }) => same.has(id))
      .sort((a, b) => (b.metrics[metric]?.mean ?? 0) - (a.metrics[metric]?.mean ?? 0))
      .map(({ id }) => id);
    return cliques(order, same).map((group) => ({ metric, arms: group }));
  });
}

/** The arms of a metric's comparisons none of which has pairs enough to tell anything. */
export function untestedArms(family: readonly Comparison[]): readonly string[] {
  const tested = new Set(family.filter(isTested).flatMap(({ arm, against }) => [against, arm]));
  const compared = new Set(family.flatMap(({ arm, against }) => [against, arm]));
  return [...compared].filter((id) => !tested.has(id));
}

function isTested({ n }: Comparison): boolean {
  return n >= FEWEST_PAIRS;
}

/** For each arm those that it was tested against and is not told apart from, where there are any. */
function sameArms(family: readonly Comparison[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const comparison of family) {
    if (!isTested(comparison) || comparison.told_apart) continue;
    const { arm, against } = comparison;
    found.set(arm, (found.get(arm) ?? new Set()).add(against));
    found.set(against, (found.get(against) ?? new Set()).add(arm));
  }
  return found;
}

/** The maximal cliques of a graph by Bron and Kerbosch's algorithm (CACM 16, 1973), each in the order of its `nodes`. */
function cliques(
  nodes: readonly string[],
  neighbours: ReadonlyMap<string, ReadonlySet<string>>,
): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  extend([], nodes, []);
  return found;

  /** `candidates` and `excluded` are the common neighbours of the clique, the latter in cliques that were found before. */
  function extend(clique: readonly string[], candidates: readonly string[], excluded: readonly string[]): void {
    if (clique.length > 0 && candidates.length === 0 && excluded.length === 0) found.push(clique);
    for (const [i, node] of candidates.entries()) {
      const near = (other: string): boolean => neighbours.get(node)!.has(other);
      const before = [...excluded, ...candidates.slice(0, i)];
      extend([...clique, node], candidates.slice(i + 1).filter(near), before.filter(near));
    }
  }
}
