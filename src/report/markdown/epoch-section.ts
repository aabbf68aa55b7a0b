import { SPLITS } from '../load/read-result.js';
import type { Summaries } from '../report-data.js';
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
  const all = [...new Set(arms.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const shown = thinned(all);
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
  const thin = shown.length < all.length ? [label('epochs.thinned', { shown: shown.length, all: all.length })] : [];
  return [[label('epochs.order', { order }), ...thin].join(' '), ...tables];
}

/** Figures that any arm has in any epoch, a group for each split. */
function figureGroups(figures: readonly string[], { data }: SectionContext): readonly (readonly string[])[] {
  const present = new Set(data.arms.flatMap(({ epochs }) => epochs.flatMap(({ metrics }) => Object.keys(metrics))));
  return SPLITS.map((split) => figures.map((name) => `${split}.${name}`).filter((name) => present.has(name))).filter(
    (group) => group.length > 0,
  );
}

function cellText(groups: readonly (readonly string[])[], metrics: Summaries | undefined, complete: number): string {
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

/** At most twenty or so epochs, evenly spaced, with the last. */
function thinned(epochs: readonly number[]): readonly number[] {
  if (epochs.length <= MOST_ROWS) return epochs;
  const step = Math.ceil(epochs.length / MOST_ROWS);
  return epochs.filter((_, i) => (i + 1) % step === 0 || i === 0 || i === epochs.length - 1);
}
