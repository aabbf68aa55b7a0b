import type { ArmFinder } from '../expect/match-arm.js';
import type { SettingValue } from '../plan/plan.js';
import { groupBy } from './group.js';
import type { PivotSettings } from './load/report-settings.js';
import { matchedDifference, settingsMatcher } from './pivot-matching.js';
import type { ReportArm, Summary } from './report-data.js';
import { mean } from './statistics/moments.js';
import { meanOfArms, summariseValues } from './summary.js';

/** One cell: the arms that share its row and column. */
export interface PivotCell {
  /** Their ids. */
  readonly arms: readonly string[];
  /** Over the seeds that every one of the arms has; the value of a seed is the mean over the arms. */
  readonly summary: Summary;
  /** True where another cell averages over settings that this one has no arm of; absent otherwise. */
  readonly partial?: true;
  /** Mean difference from the baseline's arms, paired by seed, over the settings that both have; null without one, and for itself. */
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
  const isBase = new Set(base);
  const members = [...byRow].map(([key, sharing]) => ({ key, byColumn: groupBy(sharing, keyOf(columns)) }));
  const groups = members.flatMap(({ byColumn }) => [...byColumn.values()]);
  const averaged = settingsMatcher(groups);
  const all = averaged(arms).size;
  const compared = settingsMatcher([...groups, base], baseline);
  const lines = members.map(({ key, byColumn }) => ({
    key,
    cells: columnKeys.map((column) => cellOf(byColumn.get(column) ?? [])),
  }));
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

  function cellOf(sharing: readonly ReportArm[]): PivotCell | null {
    if (sharing.length === 0) return null;
    const summary = summaryOf(sharing, metric);
    const itself = sharing.every((arm) => isBase.has(arm));
    const difference =
      itself || summary.mean === null
        ? null
        : matchedDifference(compared(sharing), compared(base), (matched) => summaryOf(matched, metric));
    const partial = averaged(sharing).size < all;
    return { arms: sharing.map(({ id }) => id), summary, ...(partial ? { partial } : {}), difference };
  }
}

/** Over the seeds that every arm has: a mean over some of the arms would tell of those that are missing. */
function summaryOf(members: readonly ReportArm[], metric: string): Summary {
  const bySeed = new Map<number, number[]>();
  const note = (seed: number, value: number): void => {
    const values = bySeed.get(seed);
    if (values === undefined) bySeed.set(seed, [value]);
    else values.push(value);
  };
  for (const { metrics } of members) {
    const { seeds = [], values = [], not_finite = [] } = metrics[metric] ?? {};
    for (const [i, seed] of seeds.entries()) note(seed, values[i]!);
    for (const seed of not_finite) note(seed, Number.NaN);
  }
  const whole = [...bySeed].filter(([, values]) => values.length === members.length);
  return summariseValues(
    whole.sort(([a], [b]) => a - b).map(([seed, values]) => ({ seed, value: meanOfArms(values) })),
  );
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
