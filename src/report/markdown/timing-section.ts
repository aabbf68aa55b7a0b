import { armColumns } from './arm-columns.js';
import { engineName } from './engine-name.js';
import { styleOf, summaryText } from './number-text.js';
import { referenceColumns, referenceLegend } from './reference-columns.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

const FIGURES = [
  'train_seconds',
  'evaluate_seconds',
  'predict_seconds',
  'total_seconds',
  'batches_per_second',
  'tokens_per_second',
  'peak_memory_bytes',
] as const;

/** Seconds, speed and memory of each arm. */
export const timingSection: Section = (context) => {
  const { data, label } = context;
  if (data.arms.every(({ complete }) => complete === 0)) return [];
  const spread = data.arms.some(({ complete }) => complete > 1) ? label('timing.std') : '';
  return [
    `## ${label('timing')}`,
    label('timing.mean', { std: spread }),
    tableOf([
      ...armColumns(context),
      ...FIGURES.flatMap((figure) => {
        const metric = `timing.${figure}`;
        return [figureColumn(metric, label(figure), context), ...referenceColumns(metric, context)];
      }),
      ...engineColumn(context),
    ]),
    ...referenceLegend(['timing'], context),
  ];
};

function figureColumn(metric: string, header: string, { data: { arms } }: SectionContext): Column {
  const style = styleOf(metric);
  const known = arms.some(({ metrics }) => metrics[metric]?.mean != null);
  return {
    header,
    align: 'right',
    cells: arms.map(({ metrics }) => (known ? summaryText(metrics[metric], style) : '')),
  };
}

/** Only where it varies: the first paragraph names an engine that all share. */
function engineColumn({ data: { arms, run }, label }: SectionContext): readonly Column[] {
  if (run.engines.length < 2) return [];
  const cells = arms.map(({ trials }) =>
    [...new Set(trials.flatMap(({ engine }) => engine ?? []))].map((engine) => engineName(engine, label)).join('; '),
  );
  return [{ header: label('engine'), cells }];
}
