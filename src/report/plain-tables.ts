import type { PivotSettings } from './load/report-settings.js';
import { armNames } from './markdown/arm-names.js';
import { mainMetric } from './metrics.js';
import type { ReportArm } from './report-data.js';

const MOST_VALUES = 12;

/** Where the pipeline asks for no table: one over the two settings that vary, in a sweep over exactly two. */
export function plainTables(arms: readonly ReportArm[]): readonly PivotSettings[] {
  const { paths } = armNames(arms);
  const metric = mainMetric(arms);
  const [first, second] = paths;
  if (metric === null || first === undefined || second === undefined || paths.length > 2) return [];
  const counts = paths.map((path) => new Set(arms.map(({ settings }) => JSON.stringify(settings[path]))).size);
  // A list of pairs is no grid: most of its cells would be empty.
  const full = arms.length * 2 > counts[0]! * counts[1]!;
  if (!full || Math.max(...counts) > MOST_VALUES) return [];
  return [
    {
      title: null,
      rows: [first],
      columns: [second],
      metric,
      baseline: null,
      digits: 4,
      sort: 'plan',
      highlight: 'best',
    },
  ];
}
