import { groupBy } from '../group.js';
import { lowerIsBetter } from '../metrics.js';
import { type Comparison, FEWEST_PAIRS } from '../statistics/comparison.js';
import { escapeInline } from './escape.js';
import { metricTitle } from './metric-name.js';
import { probabilityText, signedText, styleOf } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { tableOf } from './table.js';

/** Differences between arms, paired by seed, and what can be said of them. */
export const comparisonSection: Section = (context) => {
  const { data, label } = context;
  if (data.comparisons.length === 0) return [];
  return [
    `## ${label('comparisons')}`,
    ...[...groupBy(data.comparisons, ({ metric }) => metric)].flatMap(([metric, family]) => [
      introductionOf(metric, family, context),
      familyTable(metric, family, context),
      ...groupLines(metric, context),
    ]),
  ];
};

/** `≈ gru, lstm: not told apart.`, a line for each group. */
function groupLines(metric: string, { data, label, names }: SectionContext): readonly string[] {
  const groups = data.groups.filter((group) => group.metric === metric);
  if (groups.length === 0) return [];
  return [
    groups
      .map(({ arms }) => `- ${label('compare.group', { arms: arms.map((id) => names.of(id)).join('; ') })}`)
      .join('\n'),
  ];
}

function introductionOf(metric: string, family: readonly Comparison[], { label }: SectionContext): string {
  const n = Math.min(...family.map((comparison) => comparison.n));
  return [
    label(family.length === 1 ? 'compare.intro.one' : 'compare.intro', {
      metric: escapeInline(metricTitle(metric, label)),
      n: family.length,
    }),
    ...(n < 6 ? [label('compare.few-flips', { n, p: (2 / 2 ** n).toFixed(3) })] : []),
  ].join(label.language === 'zh' ? '' : ' ');
}

function familyTable(metric: string, family: readonly Comparison[], context: SectionContext): string {
  const { label, names } = context;
  const style = styleOf(metric);
  const p = (value: number | null | undefined): string => (value == null ? '' : probabilityText(value));
  const right = (header: string, cells: readonly string[]) => ({ header, align: 'right' as const, cells });
  const counts = family.map(({ n }) => String(n));
  return tableOf([
    { header: label('arm'), cells: family.map(({ arm, against }) => `${names.of(arm)} − ${names.of(against)}`) },
    right(
      label('difference'),
      family.map(({ difference }) => signedText(difference, style)),
    ),
    right(
      label('interval'),
      family.map(({ interval: [low, high] }) => `${signedText(low, style)} … ${signedText(high, style)}`),
    ),
    right(label('n'), counts),
    right(
      label('p.t'),
      family.map(({ t_test }) => p(t_test?.p)),
    ),
    right(
      label('p.flip'),
      family.map(({ sign_flip_p }) => p(sign_flip_p)),
    ),
    right(
      label('p.wilcoxon'),
      family.map(({ wilcoxon_p }) => p(wilcoxon_p)),
    ),
    right(
      label('p.holm'),
      family.map(({ adjusted_p }) => (family.length > 1 ? p(adjusted_p) : '')),
    ),
    right(
      label('effect'),
      family.map(({ effect_size }) => (effect_size === null ? '' : signedText(effect_size, TWO_DIGITS))),
    ),
    { header: label('finding'), cells: family.map((comparison) => finding(comparison, context)) },
  ]);
}

const TWO_DIGITS = { decimals: () => 2, unit: 1 };

function finding(comparison: Comparison, { label, names }: SectionContext): string {
  const { metric, arm, against, difference, told_apart, n_needed, n } = comparison;
  if (told_apart) {
    const first = lowerIsBetter(metric) ? difference < 0 : difference > 0;
    return label('compare.better', { arm: names.of(first ? arm : against) });
  }
  if (n < FEWEST_PAIRS) return label('compare.too-few', { n });
  return n_needed === null || n_needed <= n ? label('compare.same') : label('compare.needed', { n: n_needed });
}
