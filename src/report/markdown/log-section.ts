import { SPLITS } from '../load/read-result.js';
import { mainMetric } from '../metrics.js';
import type { EpochSummary, ReportArm } from '../report-data.js';
import { thinned } from '../thin-epochs.js';
import { epochsOf, epochsRun } from './epoch-section.js';
import { escapeInline, fenced } from './escape.js';
import { metricName, metricTitle } from './metric-name.js';
import { type NumberStyle, numberText, styleOf, summaryText } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

const MOST_ARMS = 24;
const MOST_LINES = 40;
const MOST_COLUMNS = 12;

/** Template `epochs`: what each arm's training would have printed, then the main metric after each epoch. */
export const logSection: Section = (context) => {
  const { data, label } = context;
  const arms = data.arms.filter(({ epochs }) => epochs.length > 0);
  if (arms.length === 0) return [];
  const heading = `## ${label('logs')}`;
  if (arms.length > MOST_ARMS) return [heading, label('too-many', { n: arms.length })];
  const over = arms.some(({ epochs }) => epochs.some(({ metrics }) => 'train.loss_over_batches' in metrics))
    ? 'over-batches'
    : 'over-samples';
  return [
    heading,
    label(`logs.${over}`),
    ...arms.flatMap((arm) => [`### ${context.names.of(arm.id)}`, fenced(linesOf(arm, over, context).join('\n'))]),
    ...byEpoch(arms, context),
  ];
};

function linesOf(arm: ReportArm, over: 'over-batches' | 'over-samples', context: SectionContext): readonly string[] {
  const { label } = context;
  const last = arm.epochs.at(-1)!.epoch;
  const planned = Math.max(last, ...arm.trials.map(({ epochs_planned }) => epochs_planned ?? 0));
  const shown = new Set(
    thinned(
      epochsOf([arm], () => true),
      MOST_LINES,
    ),
  );
  const epochs = arm.epochs.filter(({ epoch }) => shown.has(epoch));
  return epochs.map((epoch) => {
    const number = String(epoch.epoch).padStart(String(planned).length);
    const splits = SPLITS.map((split) => figuresOf(epoch, split, over, context)).filter(({ length }) => length > 0);
    const counts = new Set(splits.flat().map(({ n }) => n));
    const together = counts.size === 1;
    const parts = splits.map((figures) =>
      figures.map(({ text, n }) => (together ? text : text + countText(n, arm))).join(label.comma),
    );
    const line = `${label('logs.line', { epoch: number, epochs: planned })}  ${parts.join(' / ')}`;
    return together ? line + countText([...counts][0]!, arm) : line;
  });
}

/** `train loss 0.583308` and `train accuracy 0.674171`, each with its n: six digits, as training loops print them. */
function figuresOf(
  { metrics }: EpochSummary,
  split: string,
  over: 'over-batches' | 'over-samples',
  { label }: SectionContext,
): readonly { readonly text: string; readonly n: number }[] {
  return ['loss', 'accuracy', 'perplexity'].flatMap((figure) => {
    const batches = metrics[`${split}.${figure}_over_batches`];
    const summary = over === 'over-batches' && batches !== undefined ? batches : metrics[`${split}.${figure}`];
    if (summary?.mean == null) return [];
    return [{ text: `${metricName(`${split}.${figure}`, label)} ${summary.mean.toFixed(6)}`, n: summary.n }];
  });
}

/** n where fewer seeds than are complete reached the epoch with a number. */
function countText(n: number, { complete }: ReportArm): string {
  return n < complete ? ` (n = ${n})` : '';
}

/** Arms down, epochs across. */
function byEpoch(arms: readonly ReportArm[], { data, label, names }: SectionContext): readonly string[] {
  const metric = mainMetric(data.arms);
  if (metric === null || !arms.some(({ epochs }) => epochs.some(({ metrics }) => metric in metrics))) return [];
  const epochs = thinned(
    epochsOf(arms, (name) => name === metric),
    MOST_COLUMNS,
  );
  const all = epochsRun(arms);
  const style = styleOf(metric);
  return [
    `### ${label('logs.by-epoch', { metric: escapeInline(label.language === 'zh' ? metricName(metric, label) : metricTitle(metric, label)) })}`,
    tableOf([
      { header: label('arm'), cells: arms.map(({ id }) => names.of(id)) },
      ...epochs.map(
        (epoch): Column => ({
          header: numberText(epoch, styleOf('support')),
          align: 'right',
          cells: arms.map((arm) => figureText(arm, { epoch, metric, style })),
        }),
      ),
    ]),
    ...(epochs.length < all ? [label('epochs.thinned', { shown: epochs.length, all })] : []),
  ];
}

function figureText(
  arm: ReportArm,
  { epoch, metric, style }: { readonly epoch: number; readonly metric: string; readonly style: NumberStyle },
): string {
  const figure = arm.epochs.find((entry) => entry.epoch === epoch)?.metrics[metric];
  if (figure === undefined) return '';
  const { mean, n } = figure;
  if (mean === null) return 'NaN';
  return `${summaryText({ ...figure, not_finite: [] }, style)}${countText(n, arm)}`;
}
