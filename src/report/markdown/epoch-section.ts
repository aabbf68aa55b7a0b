import { SPLITS } from '../load/read-result.js';
import type { EpochSummary, ReportArm } from '../report-data.js';
import { thinnedWithEvaluated } from '../thin-epochs.js';
import { escapeInline } from './escape.js';
import { numberText, styleOf } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

const MOST_ARMS = 24;
const ARMS_A_TABLE = 5;
const MOST_ROWS = 20;

/** Per epoch and arm `train loss, train accuracy / test loss, test accuracy`: over samples, and over batches. */
export const epochSection: Section = (context) => {
  const { data, label } = context;
  const arms = data.arms.filter(({ epochs }) => epochs.length > 0);
  if (arms.length === 0) return [];
  if (data.arms.length > MOST_ARMS) return [`## ${label('epochs')}`, label('too-many', { n: data.arms.length })];
  const samples = blocks(['loss', 'accuracy', 'perplexity'], context);
  const batches = blocks(['loss_over_batches', 'accuracy_over_batches'], context);
  if (samples.length === 0) return [];
  return [
    `## ${label('epochs')}`,
    ...(batches.length > 0 ? [`### ${label('over-samples')}`] : []),
    ...samples,
    ...(batches.length > 0 ? [`### ${label('over-batches')}`, ...batches] : []),
  ];
};

/** The tables of these figures, a few arms wide, under a line that says what a cell holds. */
function blocks(figures: readonly string[], context: SectionContext): readonly string[] {
  const { data, label, names } = context;
  const groups = figureGroups(figures, context);
  if (groups.length === 0) return [];
  const arms = data.arms.filter(({ epochs }) => epochs.length > 0);
  const shown = thinnedWithEvaluated(
    epochsOf(arms, () => true),
    {
      evaluated: epochsOf(arms, (name) => !name.startsWith('train.') && !name.startsWith('timing.')),
      most: MOST_ROWS,
    },
  );
  const all = epochsRun(arms);
  const order = groups.map((group) => group.map((name) => metricLabel(name, context)).join(label.comma)).join(' / ');
  const tables: string[] = [];
  for (let start = 0; start < arms.length; start += ARMS_A_TABLE) {
    const columns = arms.slice(start, start + ARMS_A_TABLE).map((arm): Column => {
      const byEpoch = new Map(arm.epochs.map(({ epoch, metrics }) => [epoch, metrics]));
      return {
        header: names.of(arm.id),
        cells: shown.map((epoch) => cellText(groups, byEpoch.get(epoch), arm.complete)),
      };
    });
    tables.push(tableOf([{ header: label('epoch'), align: 'right', cells: shown.map(String) }, ...columns]));
  }
  const thin = shown.length < all ? [label('epochs.thinned', { shown: shown.length, all })] : [];
  return [[label('epochs.order', { order }), ...thin].join(' '), ...tables];
}

/** The epochs that any of the arms has such a figure of. */
export function epochsOf(arms: readonly ReportArm[], wanted: (metric: string) => boolean): readonly number[] {
  const found = arms.flatMap(({ epochs }) =>
    epochs.flatMap(({ epoch, metrics }) => (Object.keys(metrics).some(wanted) ? [epoch] : [])),
  );
  return [...new Set(found)].sort((a, b) => a - b);
}

/** How many epochs the longest of the complete trials had, whether the report has them all or not. */
export function epochsRun(arms: readonly ReportArm[]): number {
  return Math.max(
    ...arms.flatMap(({ trials }) => trials.map(({ state, last_epoch }) => (state === 'complete' ? last_epoch : 0))),
  );
}

/** Figures that any arm has in any epoch, a group for each split. */
function figureGroups(figures: readonly string[], { data }: SectionContext): readonly (readonly string[])[] {
  const present = new Set(data.arms.flatMap(({ epochs }) => epochs.flatMap(({ metrics }) => Object.keys(metrics))));
  return SPLITS.map((split) => figures.map((name) => `${split}.${name}`).filter((name) => present.has(name))).filter(
    (group) => group.length > 0,
  );
}

function cellText(
  groups: readonly (readonly string[])[],
  metrics: EpochSummary['metrics'] | undefined,
  complete: number,
): string {
  if (metrics === undefined) return '';
  const parts = groups.map((group) =>
    group
      .flatMap((name) =>
        metrics[name] === undefined ? [] : [numberText(metrics[name].mean ?? Number.NaN, styleOf(name))],
      )
      .join(', '),
  );
  const n = Math.max(...Object.values(metrics).map((summary) => summary.n));
  // After early stopping fewer seeds reach the later epochs.
  return `${parts.filter((part) => part !== '').join(' / ')}${n < complete ? ` (n = ${n})` : ''}`;
}

/** `train loss`: the split and the figure, as the section's heading leaves them to be said. */
function metricLabel(name: string, { label }: SectionContext): string {
  const [split = '', figure = ''] = name.split('.');
  const short = figure.replace('_over_batches', '');
  return escapeInline(
    label.language === 'zh'
      ? `${label.named(split)}${label.named(short)}`
      : `${label.named(split)} ${label.named(short)}`,
  );
}
