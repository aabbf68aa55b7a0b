import type { SettingValue } from '../../plan/plan.js';
import { groupBy } from '../group.js';
import { armNames } from '../markdown/arm-names.js';
import { mainMetric } from '../metrics.js';
import type { ReportArm } from '../report-data.js';
import { mean } from '../statistics/moments.js';

/** How much of the differences between arms one setting explains by itself. */
export interface AxisImportance {
  readonly path: string;
  /** Values, or ranges of values where there are many numbers. */
  readonly levels: number;
  /** The share of the variance of the arms' means (η²), from 0 to 1. */
  readonly share: number;
  /** What would be explained by chance alone: (levels − 1) / (arms − 1). */
  readonly by_chance: number;
}

const FEWEST_ARMS = 6;
/** More numbers than this are taken in four ranges with as many arms each. */
const MOST_LEVELS = 8;
const RANGES = 4;

/** The importance of every setting that varies, the largest first; none for sweeps over fewer than two, or of few arms. */
export function axisImportance(arms: readonly ReportArm[]): readonly AxisImportance[] {
  const metric = mainMetric(arms);
  const { paths } = armNames(arms);
  const measured =
    metric === null ? [] : arms.filter((arm) => arm.metrics[metric]?.mean != null && arm.same_as === null);
  if (metric === null || paths.length < 2 || measured.length < FEWEST_ARMS) return [];
  const means = measured.map(({ metrics }) => metrics[metric]!.mean!);
  const centre = mean(means);
  const total = means.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  if (total === 0) return [];
  return paths
    .map((path): AxisImportance => {
      const levels = levelsOf(measured.map(({ settings }) => settings[path] ?? null));
      const groups = [...groupBy(means.keys(), (i) => levels[i]!).values()].map((indices) =>
        indices.map((i) => means[i]!),
      );
      const between = groups.reduce((sum, group) => sum + group.length * (mean(group) - centre) ** 2, 0);
      return {
        path,
        levels: groups.length,
        share: between / total,
        by_chance: (groups.length - 1) / (measured.length - 1),
      };
    })
    .sort((a, b) => b.share - a.share);
}

function levelsOf(values: readonly SettingValue[]): readonly string[] {
  const keys = values.map((value) => JSON.stringify(value));
  const numbers = values.filter((value) => typeof value === 'number');
  if (new Set(keys).size <= MOST_LEVELS || numbers.length < values.length) return keys;
  const order = [...numbers].sort((a, b) => a - b);
  // Equal values are of one range.
  return numbers.map((value) => `${Math.floor((order.indexOf(value) * RANGES) / order.length)}`);
}
