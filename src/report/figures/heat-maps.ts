import type { SettingValue } from '../../plan/plan.js';
import { settingText } from '../markdown/arm-names.js';
import { metricTitle } from '../markdown/metric-name.js';
import { summaryText } from '../markdown/number-text.js';
import { pivotStyle } from '../markdown/pivot-section.js';
import { lowerIsBetter } from '../metrics.js';
import type { PivotTable } from '../pivot.js';
import type { Figure, FigureContext } from './figure.js';
import { shadedCells } from './shaded-cells.js';
import { INK, SHADES } from './style.js';

const MOST_CELLS = 400;

/** A heat map for each pivot table that has columns: darker is better. */
export function heatMaps(context: FigureContext): readonly Figure[] {
  return context.data.tables.flatMap((table, i) => heatMap(table, i, context) ?? []);
}

function heatMap(table: PivotTable, index: number, { label }: FigureContext): Figure | null {
  const { rows, columns, row_keys, column_keys, cells, metric, digits, title } = table;
  if (columns.length === 0 || row_keys.length * column_keys.length > MOST_CELLS || row_keys.length < 2) return null;
  const rowNames = row_keys.map(keyText);
  const columnNames = column_keys.map(keyText);
  const style = pivotStyle(table);
  const partial = cells.flat().some((cell) => cell?.partial);
  const values = cells.flatMap((line, i) =>
    line.flatMap((cell, j) =>
      cell?.summary.mean == null
        ? []
        : [
            {
              row: rowNames[i],
              column: columnNames[j],
              mean: cell.summary.mean / style.unit,
              told: `${rowNames[i]}; ${columnNames[j]}: ${summaryText(cell.summary, style)}${cell.partial ? '†' : ''}`,
            },
          ],
    ),
  );
  if (values.length === 0) return null;
  const means = values.map(({ mean }) => mean);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const better = lowerIsBetter(metric);
  const name = metricTitle(metric, label);
  const dark = better ? `datum.mean < ${low + (high - low) * 0.45}` : `datum.mean > ${low + (high - low) * 0.55}`;
  return {
    name: `table-${index + 1}`,
    title: title ?? label('figures.heat-map', { metric: name }),
    caption: [
      label(better ? 'figures.heat-map.lower' : 'figures.heat-map.caption', { metric: name }),
      ...(partial ? [label('figures.heat-map.partial')] : []),
    ].join(label.language === 'zh' ? '' : ' '),
    spec: {
      width: { step: Math.max(58, 9 * (digits + 4)) },
      height: { step: 34 },
      data: { values },
      layer: shadedCells({
        x: { field: 'column', sort: columnNames, title: columns.join(', ') },
        y: { field: 'row', sort: rowNames, title: rows.join(', ') },
        color: {
          field: 'mean',
          scale: {
            range: better ? SHADES.toReversed() : SHADES,
            domain: low === high ? [low - 1, high + 1] : [low, high],
          },
          legend: { title: name, gradientLength: 120, format: digits > 3 ? '.3f' : `.${digits}f` },
        },
        text: { field: 'mean', format: `.${digits}f` },
        dark: low === high ? 'false' : dark,
      }),
      ...(low === high ? { config: { text: { color: INK } } } : {}),
    },
  };
}

function keyText(key: readonly SettingValue[]): string {
  return key.map((value) => (value === null ? '–' : settingText(value))).join(', ');
}
