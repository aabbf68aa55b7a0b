import type { Ablation, Effect } from '../ablation/effects.js';
import { lowerIsBetter } from '../metrics.js';
import { FEWEST_PAIRS, withoutRounding } from '../statistics/comparison.js';
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
  const joined = (...sentences: readonly string[]): string => sentences.join(label.language === 'zh' ? '' : ' ');
  return [
    `## ${label('ablation')}`,
    joined(label(`ablation.${ablation.mode}`, { metric }), ...caveats(ablation, context)),
    ...(ablation.mode === 'cumulative'
      ? waterfall(ablation, context)
      : effectTable(ablation.effects, ablation, context)),
    ...(ablation.shapley.length === 0
      ? []
      : [
          `### ${label('ablation.shapley')}`,
          joined(label('ablation.shapley.caption'), ...matched(ablation.shapley, ablation, context)),
          shapleyTable(ablation, context),
        ]),
    ...(ablation.interactions.length === 0
      ? []
      : [
          `### ${label('ablation.interactions')}`,
          joined(label('ablation.interactions.caption'), ...matched(ablation.interactions, ablation, context)),
          ...effectTable(ablation.interactions, ablation, context),
        ]),
    ...(importance.length === 0 ? [] : [`### ${label('importance')}`, ...importance]),
  ];
};

/** What keeps the effects from being each factor's own, and those of all factors. */
function caveats(ablation: Ablation, context: SectionContext): readonly string[] {
  const { label } = context;
  const { fraction, missing, effects, without_effect } = ablation;
  const none = fraction !== undefined && missing !== undefined && effects.length === 0;
  return [
    ...(fraction === undefined ? [] : [label('ablation.fraction', { fraction })]),
    ...(none ? [label('ablation.incomplete-fraction', { n: missing })] : []),
    ...(fraction === undefined && missing !== undefined ? [label('ablation.incomplete', { n: missing })] : []),
    ...matched(effects, ablation, context),
    ...(without_effect === undefined || none
      ? []
      : [label('ablation.without-effect', { list: without_effect.map(escapeInline).join(label.comma) })]),
  ];
}

/** Over which of the other settings effects are averaged, where it is not over all. */
function matched(
  effects: readonly Effect[],
  { mode, combinations: all = 1 }: Ablation,
  { label }: SectionContext,
): readonly string[] {
  const some = effects.filter(({ combinations }) => combinations !== undefined);
  if (some.length === 0) return [];
  if (mode === 'cumulative') return [label('ablation.matched.steps', { all, n: some[0]!.combinations! })];
  const list = some.map(({ factors, combinations }) => `${nameOf(factors)} (${combinations})`).join(label.comma);
  return [label('ablation.matched', { all, list })];
}

function nameOf(factors: readonly string[]): string {
  return factors.map(escapeInline).join(' × ');
}

function effectTable(effects: readonly Effect[], ablation: Ablation, context: SectionContext): readonly string[] {
  if (effects.length === 0) return [];
  return [
    tableOf([
      { header: context.label('factor'), cells: effects.map(({ factors }) => nameOf(factors)) },
      ...effectColumns(effects, ablation, context),
    ]),
  ];
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
function waterfall(ablation: Ablation, context: SectionContext): readonly string[] {
  const { label } = context;
  const style = styleOf(ablation.metric);
  const { steps, effects } = ablation;
  if (steps.length === 0) return [];
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
  return [
    tableOf([
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
    ]),
  ];
}

function shapleyTable(ablation: Ablation, context: SectionContext): string {
  const { label } = context;
  const { shapley, steps } = ablation;
  const [none, all] = [steps[0]?.summary.mean ?? 0, steps.at(-1)?.summary.mean ?? 0];
  // Of equal means there are no shares, whatever their last bits say.
  const gain = withoutRounding([all - none], Math.max(Math.abs(all), Math.abs(none)))[0]!;
  const share = (value: number): string => `${((100 * value) / gain).toFixed(0).replace('-', '−')} %`;
  return tableOf([
    { header: label('factor'), cells: shapley.map(({ factors }) => nameOf(factors)) },
    ...effectColumns(shapley, ablation, context),
    ...(gain === 0
      ? []
      : [
          {
            header: label('share'),
            align: 'right' as const,
            cells: shapley.map(({ summary }) => (summary.mean === null ? '' : share(summary.mean))),
          },
        ]),
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
