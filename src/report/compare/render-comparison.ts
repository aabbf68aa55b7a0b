import { labelsOf } from '../labels.js';
import type { Language } from '../load/report-settings.js';
import { engineName } from '../markdown/engine-name.js';
import { escapeInline } from '../markdown/escape.js';
import { metricTitle } from '../markdown/metric-name.js';
import { probabilityText, signedText, styleOf, summaryText, timeText } from '../markdown/number-text.js';
import { type Column, tableOf } from '../markdown/table.js';
import { lowerIsBetter } from '../metrics.js';
import { FEWEST_PAIRS } from '../statistics/comparison.js';
import type { ArmAcrossRuns, RunChange, RunsComparison } from './compare-runs.js';

/** A comparison of runs as Markdown, without a line break at its end. */
export function renderComparison({ metric, runs, changes, arms }: RunsComparison, language: Language): string {
  const label = labelsOf(language);
  const style = styleOf(metric);
  const letters = runs.map((_, i) => String.fromCharCode(65 + (i % 26)).repeat(Math.floor(i / 26) + 1));
  const named = runs.map(
    ({ id, started }, i) =>
      `- **${letters[i]}**: ${escapeInline(id)}${started === null ? '' : ` (${timeText(started) ?? label('unknown')})`}`,
  );
  const changed = tableOf([
    { header: '', cells: changes.map(({ fact }) => label(`across.${fact}`)) },
    ...letters.map(
      (letter, k): Column => ({
        header: letter,
        cells: changes.map(({ fact, values }) => factText(fact, values[k] ?? '')),
      }),
    ),
  ]);
  const figures = tableOf([
    { header: label('arm'), cells: arms.map((arm) => escapeInline(arm.label)) },
    ...letters.map(
      (letter, k): Column => ({
        header: letter,
        align: 'right',
        cells: arms.map(({ summaries }) => summaryText(summaries[k] ?? undefined, style) || '–'),
      }),
    ),
    ...letters.slice(1).flatMap((letter, i): readonly Column[] => [
      {
        header: `${letter} − A`,
        align: 'right',
        cells: arms.map(({ comparisons }) => {
          const found = comparisons[i + 1] ?? null;
          if (found === null) return '';
          return `${signedText(found.difference, style)} (${found.interval.map((end) => signedText(end, style)).join(' … ')})`;
        }),
      },
      {
        header: label('p.holm'),
        align: 'right',
        cells: arms.map(({ comparisons }) =>
          comparisons[i + 1] == null ? '' : probabilityText(comparisons[i + 1]!.adjusted_p),
        ),
      },
      { header: label('finding'), cells: arms.map((arm) => findingOf(arm, i + 1)) },
    ]),
  ]);
  return [
    `# ${label('across.title')}`,
    named.join('\n'),
    ...(changes.length === 0 ? [label('across.unchanged')] : [`## ${label('across.changes')}`, changed]),
    `## ${escapeInline(metricTitle(metric, label))}`,
    label('across.caption'),
    figures,
  ].join('\n\n');

  function factText(fact: RunChange['fact'], value: string): string {
    if (fact !== 'engines') return escapeInline(value);
    const engines = value.split('; ').map((engine) => engineName(engine, label));
    return engines.join(label.language === 'zh' ? '；' : '; ');
  }

  function findingOf({ summaries, comparisons, same_bits }: ArmAcrossRuns, k: number): string {
    if (summaries[0] == null || summaries[k] == null) return label('across.missing');
    if (same_bits[k] === true) return label('across.same-bits');
    const found = comparisons[k] ?? null;
    if (found === null) return label('compare.too-few', { n: 1 });
    if (found.told_apart)
      return label(found.difference < 0 === lowerIsBetter(metric) ? 'blocks.better' : 'blocks.worse');
    return found.n < FEWEST_PAIRS ? label('compare.too-few', { n: found.n }) : label('compare.same');
  }
}
