import type { ReportReference } from '../references.js';
import { escapeInline } from './escape.js';
import { type NumberStyle, signedText, styleOf } from './number-text.js';
import type { SectionContext } from './section.js';
import type { Column } from './table.js';

/** Published figures of a metric beside ours, one column for each source that has any. */
export function referenceColumns(metric: string, { data, label }: SectionContext): readonly Column[] {
  const named = data.references.filter((reference) => reference.metric === metric);
  const sources = [...new Set(named.map(({ source }) => source))];
  const figure = label.named(metric.slice(metric.indexOf('.') + 1));
  return sources.map((source) => ({
    header: escapeInline(`${figure}, ${source ?? label('reference')}`),
    align: 'right',
    cells: data.arms.map(({ id }) => {
      const found = named.find((reference) => reference.source === source && reference.arm === id);
      return found === undefined ? '' : referenceText(found);
    }),
  }));
}

/** `0.8588 ✓` where ours covers it, else `0.8588 (+0.0123)`. */
export function referenceText({ value, decimals, difference, covered, metric }: ReportReference): string {
  const text = value.toFixed(decimals);
  if (difference === null) return text;
  return covered === true ? `${text} ✓` : `${text} (${signedText(difference, styleLike(metric, decimals))})`;
}

/** What ✓ and the brackets mean, where any of these splits (or `timing`) has published figures beside ours. */
export function referenceLegend(splits: readonly string[], { data, label }: SectionContext): readonly string[] {
  const shown = data.references.filter(
    ({ metric, difference }) => difference !== null && splits.includes(metric.slice(0, metric.indexOf('.'))),
  );
  if (shown.length === 0) return [];
  return [label(shown.every(({ covered }) => covered === null) ? 'reference.differences' : 'reference.legend')];
}

/** As many digits as the source prints, but two at least where figures are metrics. */
function styleLike(metric: string, decimals: number): NumberStyle {
  return metric.startsWith('timing.') ? styleOf(metric) : { decimals: () => Math.max(2, decimals), unit: 1 };
}
