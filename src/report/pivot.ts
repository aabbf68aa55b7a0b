import type { ArmFinder } from '../expect/match-arm.js';
import type { SettingValue } from '../plan/plan.js';
import { groupBy } from './group.js';
import type { PivotSettings } from './load/report-settings.js';
import type { ReportArm, Summary } from './report-data.js';
import { mean } from './statistics/moments.js';
import { summariseValues } from './summary.js';

/** One cell: the arms that share its row and column. */
export interface PivotCell {
  /** Their ids. */
  readonly arms: readonly string[];
  /** Over seeds; the value of a seed is the mean over the arms. */
  readonly summary: Summary;
  /** Mean difference from the baseline's cell, paired by seed; null without one, and for itself. */
  readonly difference: number | null;
}

export interface PivotTable {
  readonly title: string | null;
  readonly metric: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly digits: number;
  readonly highlight: 'best' | 'none';
  /** The values of the rows' settings, a list for each row. */
  readonly row_keys: readonly (readonly SettingValue[])[];
  readonly column_keys: readonly (readonly SettingValue[])[];
  /** [row][column]; null where no arm is. */
  readonly cells: readonly (readonly (PivotCell | null)[])[];
}

/** A metric over settings. Settings that stand in neither rows nor columns are averaged over, seed by seed. */
export function pivotTable(settings: PivotSettings, arms: readonly ReportArm[], finder: ArmFinder): PivotTable {
  const { title, rows, columns, metric, digits, highlight, baseline, sort } = settings;
  const keyOf = (paths: readonly string[]) => (arm: ReportArm) =>
    JSON.stringify(paths.map((path) => finder.value(arm, path)));
  const byRow = groupBy(arms, keyOf(rows));
  const columnKeys = [...groupBy(arms, keyOf(columns)).keys()];
  const base = baseline === null ? [] : arms.filter((arm) => finder.matches(arm, baseline));
  const baseSummary = base.length === 0 ? null : summaryOf(base, metric);
  const lines = [...byRow].map(([key, members]) => {
    const byColumn = groupBy(members, keyOf(columns));
    return { key, cells: columnKeys.map((column) => cellOf(byColumn.get(column) ?? [])) };
  });
  const ordered = sort === 'plan' ? lines : sorted(lines, sort);
  return {
    title,
    metric,
    rows,
    columns,
    digits,
    highlight,
    row_keys: ordered.map(({ key }) => JSON.parse(key) as readonly SettingValue[]),
    column_keys: columnKeys.map((key) => JSON.parse(key) as readonly SettingValue[]),
    cells: ordered.map(({ cells }) => cells),
  };

  function cellOf(members: readonly ReportArm[]): PivotCell | null {
    if (members.length === 0) return null;
    const summary = summaryOf(members, metric);
    const itself = members.every((arm) => base.includes(arm)) && members.length === base.length;
    const difference = baseSummary === null || itself ? null : pairedDifference(summary, baseSummary);
    return { arms: members.map(({ id }) => id), summary, difference };
  }
}

/** Over the seeds that every arm has; where there is none, over all that any has. */
function summaryOf(members: readonly ReportArm[], metric: string): Summary {
  const bySeed = new Map<number, number[]>();
  for (const { metrics } of members) {
    for (const [i, seed] of (metrics[metric]?.seeds ?? []).entries()) {
      const values = bySeed.get(seed) ?? [];
      bySeed.set(seed, values);
      values.push(metrics[metric]!.values[i]!);
    }
  }
  const whole = [...bySeed].filter(([, values]) => values.length === members.length);
  const used = whole.length > 0 ? whole : [...bySeed];
  return summariseValues(used.sort(([a], [b]) => a - b).map(([seed, values]) => ({ seed, value: mean(values) })));
}

function pairedDifference(ours: Summary, theirs: Summary): number | null {
  const differences = ours.seeds.flatMap((seed, i) => {
    const j = theirs.seeds.indexOf(seed);
    return j < 0 ? [] : [ours.values[i]! - theirs.values[j]!];
  });
  return differences.length === 0 ? null : mean(differences);
}

interface Line {
  readonly key: string;
  readonly cells: readonly (PivotCell | null)[];
}

/** By the mean of a row's cells; rows without any last. */
function sorted(lines: readonly Line[], order: 'ascending' | 'descending'): readonly Line[] {
  const sign = order === 'ascending' ? 1 : -1;
  const of = ({ cells }: Line): number => mean(cells.flatMap((cell) => cell?.summary.mean ?? []));
  return [...lines].sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}
