import { labelsOf } from '../labels.js';
import type { Language } from '../load/report-settings.js';
import { engineName } from '../markdown/engine-name.js';
import { codeSpan, escapeInline } from '../markdown/escape.js';
import { metricTitle } from '../markdown/metric-name.js';
import { probabilityText, signedText, styleOf, summaryText, timeText } from '../markdown/number-text.js';
import { type Column, tableOf } from '../markdown/table.js';
import { lowerIsBetter } from '../metrics.js';
import { FEWEST_PAIRS, pairedDifferences } from '../statistics/comparison.js';
import type { ArmAcrossRuns, RunChange, RunsComparison } from './compare-runs.js';
import type { ConfigChange } from './config-changes.js';

const MOST_KEYS = 20;
const MOST_ARMS = 3;
const LONGEST_VALUE = 60;

/** A comparison of runs as Markdown, without a line break at its end. */
export function renderComparison(comparison: RunsComparison, language: Language): string {
  const { metric, runs, changes, configurations, arms } = comparison;
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
    ...differences(),
    `## ${escapeInline(metricTitle(metric, label))}`,
    label('across.caption'),
    figures,
  ].join('\n\n');

  function differences(): readonly string[] {
    const others = configurations.slice(1);
    const known = others.filter((keys) => keys !== null);
    const same = known.every((keys) => keys.length === 0);
    if (changes.length === 0 && same && known.length === others.length) return [label('across.unchanged')];
    const told = others.flatMap((keys, i) => configurationText(keys, letters[i + 1]!));
    if (changes.length === 0 && same) return [label('across.facts-unchanged'), ...told];
    return [`## ${label('across.changes')}`, ...(changes.length === 0 ? [] : [changed]), ...told];
  }

  function configurationText(keys: readonly ConfigChange[] | null, letter: string): readonly string[] {
    if (keys === null) return [label('across.configurations.unknown', { letter })];
    if (keys.length === 0) return [label('across.configurations.same', { letter })];
    const more = keys.length - MOST_KEYS;
    const lines = [
      ...keys.slice(0, MOST_KEYS).map(keyText),
      ...(more > 0 ? [label('across.more-keys', { n: more })] : []),
    ];
    return [label('across.configurations', { letter }), lines.map((line) => `- ${line}`).join('\n')];
  }

  function keyText({ path, before, after, arms: changed }: ConfigChange): string {
    const text = `${codeSpan(path)}: ${valueText(before)} → ${valueText(after)}`;
    if (changed === null) return text;
    const named = changed.slice(0, MOST_ARMS).map(escapeInline).join(label.comma);
    const more = changed.length - MOST_ARMS;
    return `${text} (${named}${more > 0 ? label('across.more-arms', { n: more }) : ''})`;
  }

  function factText(fact: RunChange['fact'], value: string): string {
    if (fact !== 'engines') return escapeInline(value);
    const engines = value.split('; ').map((engine) => engineName(engine, label));
    return engines.join(label.language === 'zh' ? '；' : '; ');
  }

  function findingOf({ summaries, comparisons, same_bits }: ArmAcrossRuns, k: number): string {
    if (summaries[0] == null || summaries[k] == null) return label('across.missing');
    if (same_bits[k] === true) return label('across.same-bits');
    const found = comparisons[k] ?? null;
    if (found === null) {
      const n = pairedDifferences(summaries[k]!, summaries[0]!).length;
      return n === 0 ? label('across.no-common-seed') : label('compare.too-few', { n });
    }
    if (found.told_apart)
      return label(found.difference < 0 === lowerIsBetter(metric) ? 'blocks.better' : 'blocks.worse');
    return found.n < FEWEST_PAIRS ? label('compare.too-few', { n: found.n }) : label('compare.same');
  }
}

/** As JSON, cut where it is long: a list of words may be. */
function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  return escapeInline(text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text);
}
