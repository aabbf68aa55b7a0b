import type { Ablation, Effect } from '../ablation/effects.js';
import { lowerIsBetter } from '../metrics.js';
import { FEWEST_PAIRS } from '../statistics/comparison.js';
import { escapeInline } from './escape.js';
import { metricTitle } from './metric-name.js';
import { probabilityText, signedText, styleOf, summaryText } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { type Column, tableOf } from './table.js';

/** What each factor of an ablation does, and what each setting of a larger sweep explains. */
export const ablationSection: Section = (context) => {
  const { data, label } = context;
  const { ablation } = data;
  const importance = importanceBlocks(context);
  if (ablation === null) return importance.length === 0 ? [] : [`## ${label('importance')}`, ...importance];
  const metric = escapeInline(metricTitle(ablation.metric, label));
  return [
    `## ${label('ablation')}`,
    [label(`ablation.${ablation.mode}`, { metric }), ...caveats(ablation, context)].join(
      label.language === 'zh' ? '' : ' ',
    ),
    ...(ablation.mode === 'cumulative'
      ? [waterfall(ablation, context)]
      : [effectTable(ablation.effects, ablation, context)]),
    ...(ablation.shapley.length === 0
      ? []
      : [`### ${label('ablation.shapley')}`, label('ablation.shapley.caption'), shapleyTable(ablation, context)]),
    ...(ablation.interactions.length === 0
      ? []
      : [
          `### ${label('ablation.interactions')}`,
          label('ablation.interactions.caption'),
          effectTable(ablation.interactions, ablation, context),
        ]),
    ...(importance.length === 0 ? [] : [`### ${label('importance')}`, ...importance]),
  ];
};

/** What keeps the effects of a factorial from being each factor's own. */
function caveats({ fraction, missing }: Ablation, { label }: SectionContext): readonly string[] {
  return [
    ...(fraction === undefined ? [] : [label('ablation.fraction', { fraction })]),
    ...(missing === undefined
      ? []
      : [label(fraction === undefined ? 'ablation.incomplete' : 'ablation.incomplete-fraction', { n: missing })]),
  ];
}

function effectTable(effects: readonly Effect[], ablation: Ablation, context: SectionContext): string {
  return tableOf([
    { header: context.label('factor'), cells: effects.map(({ factors }) => factors.map(escapeInline).join(' × ')) },
    ...effectColumns(effects, ablation, context),
  ]);
}

function effectColumns(effects: readonly Effect[], { metric }: Ablation, { label }: SectionContext): readonly Column[] {
  const style = styleOf(metric);
  const right = (header: string, cells: readonly string[]): Column => ({ header, align: 'right', cells });
  return [
    right(
      label('difference'),
      effects.map(({ summary }) => (summary.mean === null ? '' : signedText(summary.mean, style))),
    ),
    right(
      label('interval'),
      effects.map(({ summary }) =>
        summary.interval === null ? '' : summary.interval.map((end) => signedText(end, style)).join(' … '),
      ),
    ),
    right(
      label('p.holm'),
      effects.map(({ adjusted_p }) => (adjusted_p === null ? '' : probabilityText(adjusted_p))),
    ),
    { header: label('finding'), cells: effects.map((effect) => finding(effect)) },
  ];

  function finding({ summary, told_apart }: Effect): string {
    if (told_apart) return label(summary.mean! < 0 === lowerIsBetter(metric) ? 'blocks.better' : 'blocks.worse');
    return summary.n < FEWEST_PAIRS ? label('compare.too-few', { n: summary.n }) : label('compare.same');
  }
}

/** The metric after each step, and what the step did. */
function waterfall(ablation: Ablation, context: SectionContext): string {
  const { label } = context;
  const style = styleOf(ablation.metric);
  const { steps, effects } = ablation;
  const nothing: Effect = {
    factors: [],
    summary: { mean: null, std: null, interval: null, n: 9, values: [], seeds: [], not_finite: [] },
    adjusted_p: null,
    told_apart: false,
  };
  const rows = steps.map((step, i) =>
    i === 0 ? nothing : (effects.find(({ factors }) => factors[0] === step.factors.at(-1)) ?? nothing),
  );
  const columns = effectColumns(rows, ablation, context);
  return tableOf([
    {
      header: label('step'),
      cells: steps.map(({ factors }) =>
        factors.length === 0 ? label('ablation.base') : `+ ${escapeInline(factors.at(-1)!)}`,
      ),
    },
    {
      header: escapeInline(metricTitle(ablation.metric, label)),
      align: 'right',
      cells: steps.map(({ summary }) => summaryText(summary, style)),
    },
    ...columns.map((column) => ({
      ...column,
      cells: column.cells.map((cell, i) => (rows[i] === nothing ? '' : cell)),
    })),
  ]);
}

function shapleyTable(ablation: Ablation, context: SectionContext): string {
  const { label } = context;
  const { shapley, steps } = ablation;
  const [none, all] = [steps[0]?.summary.mean ?? 0, steps.at(-1)?.summary.mean ?? 0];
  const gain = all - none;
  return tableOf([
    { header: label('factor'), cells: shapley.map(({ factors }) => escapeInline(factors[0]!)) },
    ...effectColumns(shapley, ablation, context),
    {
      header: label('share'),
      align: 'right',
      cells: shapley.map(({ summary }) =>
        gain === 0 || summary.mean === null ? '' : `${((100 * summary.mean) / gain).toFixed(0).replace('-', '−')} %`,
      ),
    },
  ]);
}

function importanceBlocks({ data: { importance }, label }: SectionContext): readonly string[] {
  if (importance.length === 0) return [];
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return [
    label('importance.caption'),
    tableOf([
      { header: label('setting'), cells: importance.map(({ path }) => escapeInline(path)) },
      { header: label('levels'), align: 'right', cells: importance.map(({ levels }) => `${levels}`) },
      { header: label('explained'), align: 'right', cells: importance.map(({ share }) => percent(share)) },
      { header: label('by-chance'), align: 'right', cells: importance.map(({ by_chance }) => percent(by_chance)) },
    ]),
  ];
}
