import type { SettingValue } from '../../plan/plan.js';
import { lowerIsBetter } from '../metrics.js';
import type { PivotCell, PivotTable } from '../pivot.js';
import { settingText } from './arm-names.js';
import { escapeInline } from './escape.js';
import { metricName, metricTitle } from './metric-name.js';
import { type NumberStyle, numberText, signedText, styleOf, summaryText } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

/** The pivot tables that the pipeline asks for. */
export const pivotSection: Section = (context) => {
  const { data, label } = context;
  if (data.tables.length === 0) return [];
  return [`## ${label('tables')}`, ...data.tables.flatMap((table) => pivotBlocks(table, context))];
};

function pivotBlocks(table: PivotTable, context: SectionContext): readonly string[] {
  const { label } = context;
  const cells = table.cells.flat();
  const partial = cells.some((cell) => cell?.partial);
  const caption = [
    label('pivot.legend', { metric: escapeInline(metricTitle(table.metric, label)) }),
    ...(cells.some((cell) => (cell?.arms.length ?? 0) > 1) ? [label('pivot.averaged')] : []),
    ...(cells.some(lacksFigures) ? [label('pivot.incomplete')] : []),
    ...(partial ? [label('pivot.partial')] : []),
    ...(cells.some((cell) => cell !== null && cell.difference !== null)
      ? [label(partial ? 'pivot.difference.matched' : 'pivot.difference')]
      : []),
  ];
  return [
    ...(table.title === null ? [] : [`### ${escapeInline(table.title)}`]),
    caption.join(label.language === 'zh' ? '' : ' '),
    tableOf(columnsOf(table, context)),
  ];
}

/** Whether a cell averages over arms that have no seed in common, as where all trials of one of them failed. */
function lacksFigures(cell: PivotCell | null): boolean {
  return cell !== null && cell.arms.length > 1 && cell.summary.mean === null && cell.summary.not_finite.length === 0;
}

/** How a table's numbers are written, in its figure too. */
export function pivotStyle({ digits, metric }: PivotTable): NumberStyle {
  return { decimals: () => digits, unit: styleOf(metric).unit };
}

function columnsOf(table: PivotTable, { label }: SectionContext): readonly Column[] {
  const { rows, columns, row_keys, column_keys, cells, metric, highlight } = table;
  const style = pivotStyle(table);
  const keyColumns = rows.map(
    (path, i): Column => ({
      header: escapeInline(path === 'arm' ? label('arm') : path),
      cells: row_keys.map((key) => escapeInline(keyText(key[i]!))),
    }),
  );
  return [
    ...keyColumns,
    ...column_keys.map((key, j): Column => {
      const column = cells.map((line) => line[j] ?? null);
      const best = highlight === 'best' ? bestOf(column) : null;
      return { header: headerOf(key), align: 'right', cells: column.map((cell) => cellText(cell, best)) };
    }),
  ];

  function headerOf(key: readonly SettingValue[]): string {
    if (columns.length === 0) return escapeInline(metricName(metric, label));
    return escapeInline(
      key
        .map((value, i) => (typeof value === 'string' ? value : `${lastKey(columns[i]!)}=${keyText(value)}`))
        .join(', '),
    );
  }

  function cellText(cell: PivotCell | null, best: string | null): string {
    if (cell === null) return '';
    const text = summaryText(cell.summary, style) || '–';
    const mean = cell.summary.mean === null ? null : numberText(cell.summary.mean, style);
    const bold = best !== null && mean === best && !cell.partial;
    const shown = `${bold ? `**${text}**` : text}${cell.partial ? '†' : ''}`;
    return cell.difference === null ? shown : `${shown} (${signedText(cell.difference, style)})`;
  }

  /** The best mean of a column as it is shown; null when fewer than two cells have one of all settings. */
  function bestOf(column: readonly (PivotCell | null)[]): string | null {
    const means = column.flatMap((cell) => (cell?.partial ? [] : (cell?.summary.mean ?? [])));
    if (means.length < 2) return null;
    return numberText(
      means.reduce((a, b) => (lowerIsBetter(metric) ? Math.min(a, b) : Math.max(a, b))),
      style,
    );
  }
}

function keyText(value: SettingValue): string {
  return value === null ? '–' : settingText(value);
}

function lastKey(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
