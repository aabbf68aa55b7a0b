import type { WantedArm } from '../expect/match-arm.js';
import { groupBy } from './group.js';
import { matchedPaths, settingsText } from './other-settings.js';
import type { ReportArm, Summary } from './report-data.js';
import { meanDifference, withoutRounding } from './statistics/comparison.js';
import { mean } from './statistics/moments.js';

/** Arms by the combination of the settings that are averaged over. */
type Matched = ReadonlyMap<string, readonly ReportArm[]>;

/**
 * Sorts arms by the settings that vary within some of the groups, as the cells of a table: those that are averaged over.
 * What the baseline names is its own, and not matched.
 */
export function settingsMatcher(
  groups: readonly (readonly ReportArm[])[],
  baseline: WantedArm | null = null,
): (arms: readonly ReportArm[]) => Matched {
  const paths = matchedPaths(
    varyingPaths(groups).filter((path) => !isNamed(path, baseline)),
    groups,
  );
  return (arms) => groupBy(arms, ({ settings }) => settingsText(settings, paths));
}

function varyingPaths(groups: readonly (readonly ReportArm[])[]): readonly string[] {
  const varying = groups.flatMap((arms) => {
    const [first] = arms;
    if (first === undefined || arms.length === 1) return [];
    const paths = new Set(arms.flatMap(({ settings }) => Object.keys(settings)));
    return [...paths].filter((path) =>
      arms.some(({ settings }) => settingsText(settings, [path]) !== settingsText(first.settings, [path])),
    );
  });
  return [...new Set(varying)].sort();
}

/** An arm's name stands for all of its settings. */
function isNamed(path: string, baseline: WantedArm | null): boolean {
  if (baseline === null) return false;
  if (typeof baseline === 'string' || 'arm' in baseline) return true;
  return Object.keys(baseline).some((key) => path === key || path.startsWith(`${key}.`));
}

/** The mean of `a` − `b`, paired by seed, over the settings that both have; null where they share none, or no seed. */
export function matchedDifference(
  a: Matched,
  b: Matched,
  summaryOf: (arms: readonly ReportArm[]) => Summary,
): number | null {
  const pairs = [...a].flatMap(([key, ours]) => {
    const theirs = b.get(key);
    return theirs === undefined ? [] : [[valuesOf(summaryOf(ours)), valuesOf(summaryOf(theirs))] as const];
  });
  const seeds = [...(pairs[0]?.[0].keys() ?? [])].filter((seed) =>
    pairs.every(([ours, theirs]) => ours.has(seed) && theirs.has(seed)),
  );
  if (seeds.length === 0) return null;
  const differences = seeds.map((seed) => mean(pairs.map(([ours, theirs]) => ours.get(seed)! - theirs.get(seed)!)));
  let scale = 0;
  for (const values of pairs.flat()) for (const value of values.values()) scale = Math.max(scale, Math.abs(value));
  return meanDifference(withoutRounding(differences, scale));
}

function valuesOf({ seeds, values }: Summary): ReadonlyMap<number, number> {
  return new Map(seeds.map((seed, i) => [seed, values[i]!]));
}
