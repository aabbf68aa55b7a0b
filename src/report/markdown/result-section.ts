import type { SplitName } from '../../trial/result.js';
import { groupBy } from '../group.js';
import { SPLITS } from '../load/read-result.js';
import { lowerIsBetter, metricsOf } from '../metrics.js';
import type { ReportArm, Summary } from '../report-data.js';
import { armColumns } from './arm-columns.js';
import { escapeInline } from './escape.js';
import { countText, numberText, styleOf, summaryText } from './number-text.js';
import { referenceColumns, referenceLegend } from './reference-columns.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

/** One table a split: arms down, metrics across, the best mean of each column in bold. */
export const resultSection: Section = (context) => {
  const { data, label } = context;
  const splits = SPLITS.toReversed().filter((split) => metricsOf(split, data.arms).length > 0);
  if (splits.length === 0) return [];
  const withSub = splits.length > 1;
  return [
    `## ${label('results')}`,
    caption(context),
    ...splits.flatMap((split) => [
      ...(withSub ? [`### ${label(`${split}.heading`)}`] : []),
      tableOf(columnsOf(split, context)),
      ...(split === 'train' ? [label('results.train')] : []),
    ]),
    ...referenceLegend(SPLITS, context),
    ...shared(context),
    ...notNumbers(context),
  ];
};

function caption({ data: { arms }, label }: SectionContext): string {
  const counts = new Set(arms.map(({ complete }) => complete));
  const n = Math.max(...counts);
  const spread =
    counts.size > 1 ? label('results.uneven') : n === 1 ? label('results.single') : label('results.mean-std', { n });
  const several = arms.filter(({ complete }) => complete > 0).length > 1;
  return [spread, ...(several ? [label('results.bold')] : [])].join(label.language === 'zh' ? '' : ' ');
}

function columnsOf(split: SplitName, context: SectionContext): readonly Column[] {
  const { data, label } = context;
  const { arms } = data;
  return [
    ...armColumns(context),
    ...changing(
      label('n'),
      arms.map(({ complete, trials }) =>
        complete === trials.length ? `${complete}` : `${complete} / ${trials.length}`,
      ),
    ),
    ...changing(
      label('parameters'),
      arms.map(({ parameters }) => (parameters === null ? '' : countText(parameters))),
    ),
    ...metricsOf(split, arms).flatMap((metric) => [
      metricColumn(metric, context),
      ...referenceColumns(metric, context),
    ]),
  ];
}

/** A column that never varies tells nothing. */
function changing(header: string, cells: readonly string[]): readonly Column[] {
  return new Set(cells).size > 1 ? [{ header, align: 'right', cells }] : [];
}

function metricColumn(metric: string, { data: { arms }, label }: SectionContext): Column {
  const style = styleOf(metric);
  const best = bestOf(metric, arms);
  return {
    header: escapeInline(label.named(metric.slice(metric.indexOf('.') + 1))),
    align: 'right',
    cells: arms.map(({ metrics }) => {
      const text = summaryText(metrics[metric], style) || '–';
      return best !== null && meanText(metrics[metric]) === best ? `**${text}**` : text;
    }),
  };

  function meanText(summary: Summary | undefined): string | null {
    return summary?.mean == null ? null : numberText(summary.mean, style);
  }

  /** The best mean as it is shown, so that what looks equal is treated alike; null when fewer than two arms have one. */
  function bestOf(name: string, candidates: readonly ReportArm[]): string | null {
    const means = candidates.flatMap(({ metrics }) => metrics[name]?.mean ?? []);
    if (means.length < 2 || (/\.loss/.test(name) && lossesDiffer(candidates))) return null;
    return numberText(
      lowerIsBetter(name) ? means.reduce((a, b) => Math.min(a, b)) : means.reduce((a, b) => Math.max(a, b)),
      style,
    );
  }
}

/** Whether arms were trained by different losses, whose values have no common scale. */
function lossesDiffer(arms: readonly ReportArm[]): boolean {
  const losses = arms.map(({ settings }) =>
    JSON.stringify(Object.entries(settings).filter(([key]) => key === 'loss' || key.startsWith('loss.'))),
  );
  return new Set(losses).size > 1;
}

/** Arms whose settings mean the same as another's. */
function shared({ data: { arms }, label, names }: SectionContext): readonly string[] {
  return [...groupBy(arms, ({ same_as }) => same_as)].flatMap(([owner, sharing]) =>
    owner === null
      ? []
      : [
          label('results.shared', {
            arm: names.of(owner),
            list: sharing.map(({ id }) => names.of(id)).join(label.comma),
          }),
        ],
  );
}

function notNumbers({ data: { arms }, label, names }: SectionContext): readonly string[] {
  const lines = arms.flatMap(({ id, metrics }) =>
    Object.entries(metrics)
      .filter(([name, { not_finite }]) => not_finite.length > 0 && !name.startsWith('timing.'))
      .map(([name, { not_finite }]) =>
        label('results.not-finite', {
          metric: escapeInline(name),
          arm: names.of(id),
          list: not_finite.join(label.comma),
        }),
      ),
  );
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
}
