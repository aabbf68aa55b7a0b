import { repeatedArms } from '../comparisons.js';
import { SPLITS } from '../load/read-result.js';
import { lowerIsBetter, mainMetric } from '../metrics.js';
import type { ReportArm, ReportData } from '../report-data.js';
import { type Comparison, FEWEST_PAIRS, meanDifference, pairedDifferences } from '../statistics/comparison.js';
import { escapeInline } from './escape.js';
import { generatedText } from './generated-section.js';
import { metricTitle } from './metric-name.js';
import { numberText, signedText, styleOf, summaryText } from './number-text.js';
import { referenceText } from './reference-columns.js';
import type { Section, SectionContext } from './section.js';

const MOST_ARMS = 100;
const FIGURES = [
  ...SPLITS.toReversed().flatMap((split) => ['perplexity', 'accuracy'].map((figure) => `${split}.${figure}`)),
  'timing.tokens_per_second',
  'timing.train_seconds',
  'timing.predict_seconds',
];

/** Template `blocks`: for each arm its figures, what it wrote, and one line on how it compares. */
export const blockSection: Section = (context) => {
  const { data, label } = context;
  if (data.arms.length === 0) return [];
  const heading = `## ${label('variants')}`;
  if (data.arms.length > MOST_ARMS) return [heading, label('too-many', { n: data.arms.length })];
  return [heading, ...data.arms.flatMap((arm) => blockOf(arm, context))];
};

function blockOf(arm: ReportArm, context: SectionContext): readonly string[] {
  const { label, names } = context;
  const figures = FIGURES.flatMap((metric) => figureLine(metric, arm, context));
  const analysis = analysisOf(arm, context);
  return [
    `### ${names.of(arm.id)}`,
    ...(arm.complete === 0 ? [label('blocks.none')] : []),
    ...(figures.length === 0 ? [] : [figures.join('\n')]),
    ...generatedText(arm),
    ...(analysis === null ? [] : [analysis]),
  ];
}

/** `- 困惑度（训练集）：1.0731 ± 0.0021 (R3: 1.1 ✓)`. */
function figureLine(metric: string, arm: ReportArm, { data, label }: SectionContext): readonly string[] {
  const text = summaryText(arm.metrics[metric], styleOf(metric));
  if (text === '') return [];
  const zh = label.language === 'zh';
  const [split = '', figure = ''] = metric.split('.');
  const name = label.named(figure);
  const of = split === 'timing' ? name : zh ? `${name}（${label.named(split)}）` : `${name} (${label.named(split)})`;
  const theirs = data.references
    .filter((reference) => reference.arm === arm.id && reference.metric === metric)
    .map((reference) => `${reference.source ?? label('reference')}${zh ? '：' : ': '}${referenceText(reference)}`);
  const beside = theirs.length === 0 ? '' : zh ? `（${theirs.join('；')}）` : ` (${theirs.join('; ')})`;
  return [`- ${escapeInline(of)}${zh ? '：' : ': '}${text}${beside === '' ? '' : escapeInline(beside)}`];
}

/** One line against the baseline: how much better or worse, whether that is more than noise, and at what cost in time. */
function analysisOf(arm: ReportArm, { data, label, names }: SectionContext): string | null {
  const metric = mainMetric(data.arms);
  if (data.arms.length < 2 || metric === null || arm.complete === 0) return null;
  const base = baseOf(data, metric);
  if (arm === base) return label('blocks.base');
  const [owner, baseOwner] = [arm.same_as ?? arm.id, base.same_as ?? base.id];
  if (owner === baseOwner) return label('blocks.same', { arm: names.of(base.id) });
  const ours = arm.metrics[metric]?.mean ?? null;
  const theirs = base.metrics[metric]?.mean ?? null;
  if (ours === null || theirs === null) return null;
  const style = styleOf(metric);
  const comparison = data.comparisons.find(
    (entry) => entry.metric === metric && entry.arm === owner && entry.against === baseOwner,
  );
  // The difference of the seed that both have, if there is one: others would add their own spread.
  const paired = pairedDifferences(arm.metrics[metric], base.metrics[metric]);
  const found = comparison?.difference ?? (paired.length > 0 ? meanDifference(paired) : ours - theirs);
  const difference = signedText(found, style);
  const facts = { arm: names.of(base.id), metric: escapeInline(metricTitle(metric, label)), difference };
  const sentence =
    comparison === undefined
      ? label(paired.length > 0 ? 'blocks.analysis.single' : 'blocks.analysis.unpaired', facts)
      : label('blocks.analysis', {
          ...facts,
          interval: comparison.interval.map((end) => signedText(end, style)).join(' … '),
          finding: findingOf(comparison),
        });
  const time = timeRatio(arm, base);
  return [sentence, ...(time === null ? [] : [label('blocks.time', { ratio: time })])].join(
    label.language === 'zh' ? '' : ' ',
  );

  function findingOf({ told_apart, difference: gap, n, n_needed }: Comparison): string {
    if (told_apart) return label(gap < 0 === lowerIsBetter(metric!) ? 'blocks.better' : 'blocks.worse');
    if (n < FEWEST_PAIRS) return label('compare.too-few', { n });
    return n_needed === null || n_needed <= n ? label('compare.same') : label('compare.needed', { n: n_needed });
  }
}

/** The baseline, else the first arm that can be compared, as in the comparisons. */
function baseOf({ arms, baseline }: ReportData, metric: string): ReportArm {
  const measured = arms.find(({ metrics }) => metrics[metric]?.mean != null);
  return arms.find(({ id }) => id === baseline) ?? repeatedArms(arms, metric)[0] ?? measured ?? arms[0]!;
}

function timeRatio(arm: ReportArm, base: ReportArm): string | null {
  const ours = arm.metrics['timing.train_seconds']?.mean;
  const theirs = base.metrics['timing.train_seconds']?.mean;
  if (!ours || !theirs) return null;
  return numberText(ours / theirs, { decimals: () => 2, unit: 1 });
}
