import { SPLITS } from '../load/read-result.js';
import { mainMetric, metricsOf } from '../metrics.js';
import type { EpochSummary, ReportArm } from '../report-data.js';
import { escapeInline, fenced } from './escape.js';
import { metricName, metricTitle } from './metric-name.js';
import { numberText, styleOf, summaryText } from './number-text.js';
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
  return thinned(arm.epochs, MOST_LINES).map((epoch) => {
    const number = String(epoch.epoch).padStart(String(planned).length);
    const parts = SPLITS.flatMap((split) => figuresOf(epoch, split, over, context));
    return `${label('logs.line', { epoch: number, epochs: planned })}  ${parts.join(' / ')}`;
  });
}

/** `train loss 0.583308, train accuracy 0.674171`: six digits, as training loops print them. */
function figuresOf(
  { metrics }: EpochSummary,
  split: string,
  over: 'over-batches' | 'over-samples',
  { label }: SectionContext,
): readonly string[] {
  const texts = ['loss', 'accuracy', 'perplexity'].flatMap((figure) => {
    const batches = metrics[`${split}.${figure}_over_batches`];
    const summary = over === 'over-batches' && batches !== undefined ? batches : metrics[`${split}.${figure}`];
    if (summary?.mean == null) return [];
    return [`${metricName(`${split}.${figure}`, label)} ${summary.mean.toFixed(6)}`];
  });
  return texts.length === 0 ? [] : [texts.join(label.comma)];
}

/** Arms down, epochs across. */
function byEpoch(arms: readonly ReportArm[], { data, label, names }: SectionContext): readonly string[] {
  const metric = mainMetric(data.arms);
  if (metric === null || !arms.some(({ epochs }) => epochs.some(({ metrics }) => metric in metrics))) return [];
  const measured = [
    ...new Set(
      arms.flatMap(({ epochs }) => epochs.flatMap(({ epoch, metrics }) => (metric in metrics ? [epoch] : []))),
    ),
  ];
  const epochs = thinned(
    measured.sort((a, b) => a - b),
    MOST_COLUMNS,
  );
  const style = styleOf(metric);
  return [
    `### ${label('logs.by-epoch', { metric: escapeInline(label.language === 'zh' ? metricName(metric, label) : metricTitle(metric, label)) })}`,
    tableOf([
      { header: label('arm'), cells: arms.map(({ id }) => names.of(id)) },
      ...epochs.map(
        (epoch): Column => ({
          header: numberText(epoch, styleOf('support')),
          align: 'right',
          cells: arms.map((arm) =>
            summaryText(arm.epochs.find((entry) => entry.epoch === epoch)?.metrics[metric], style),
          ),
        }),
      ),
    ]),
    ...(metricsOf('test', data.arms).length > 0 && epochs.length < measured.length
      ? [label('epochs.thinned', { shown: epochs.length, all: measured.length })]
      : []),
  ];
}

/** At most about `most` entries, evenly spaced, with the first and the last. */
function thinned<Entry>(entries: readonly Entry[], most: number): readonly Entry[] {
  if (entries.length <= most) return entries;
  const step = Math.ceil(entries.length / most);
  return entries.filter((_, i) => (i + 1) % step === 0 || i === 0 || i === entries.length - 1);
}
