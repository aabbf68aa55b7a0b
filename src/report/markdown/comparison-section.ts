import { comparedWith, repeatedArms } from '../comparisons.js';
import { groupBy } from '../group.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import { type Comparison, FEWEST_PAIRS } from '../statistics/comparison.js';
import { untestedArms } from '../statistics/groups.js';
import { escapeInline } from './escape.js';
import { metricTitle } from './metric-name.js';
import { probabilityText, signedText, styleOf } from './number-text.js';
import type { Section, SectionContext } from './section.js';
import { tableOf } from './table.js';

/** Differences between arms, paired by seed, and what can be said of them. */
export const comparisonSection: Section = (context) => {
  const { data, label } = context;
  if (data.comparisons.length === 0) {
    const none = withoutComparisons(context);
    return none === null ? [] : [`## ${label('comparisons')}`, none];
  }
  return [
    `## ${label('comparisons')}`,
    ...[...groupBy(data.comparisons, ({ metric }) => metric)].flatMap(([metric, family]) => [
      introductionOf(metric, family, context),
      familyTable(metric, family, context),
      ...groupLines(metric, family, context),
    ]),
  ];
};

/** Why arms that have trials enough were not compared; null where there are none. */
function withoutComparisons({ data, label, names }: SectionContext): string | null {
  const metric = mainMetric(data.arms);
  if (metric === null || repeatedArms(data.arms, metric).length < 2) return null;
  const baseline = data.arms.find(({ id }) => id === data.baseline) ?? null;
  const against = comparedWith(data.arms, { baseline, metric });
  return against === null ? label('compare.none') : label('compare.none.with', { arm: names.of(against.id) });
}

/**
 * `≈ gru; lstm: not told apart.`, a line for each group (one for all pairs that share an arm, such as a baseline), and one
 * for the arms that were never tested.
 */
function groupLines(
  metric: string,
  family: readonly Comparison[],
  { data, label, names }: SectionContext,
): readonly string[] {
  const named = (arms: readonly string[]): string => arms.map((id) => names.of(id)).join('; ');
  const groups = data.groups.filter((group) => group.metric === metric);
  const compared = new Set(family.flatMap(({ arm, against }) => [arm, against]));
  const repeated = repeatedArms(data.arms, metric).map(({ id }) => id);
  const untested = [...untestedArms(family), ...repeated.filter((id) => !compared.has(id))];
  const lines = [
    ...groupTexts().map((text) => `- ${text}`),
    ...(untested.length === 0 ? [] : [`- ${label('compare.untested', { arms: named(untested) })}`]),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];

  function groupTexts(): readonly string[] {
    const shared = groups[0]?.arms.find((id) => groups.every(({ arms }) => arms.length === 2 && arms.includes(id)));
    if (groups.length < 2 || shared === undefined)
      return groups.map(({ arms }) => label('compare.group', { arms: named(arms) }));
    const others = groups.flatMap(({ arms }) => arms.filter((id) => id !== shared));
    return [label('compare.group.each', { arms: named(others), shared: names.of(shared) })];
  }
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
