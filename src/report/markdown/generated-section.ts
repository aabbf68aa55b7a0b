import type { ReportArm } from '../report-data.js';
import { escapeInline, fenced } from './escape.js';
import type { Section } from './section.js';

/** What each arm wrote after the prefixes, for its first seed. */
export const generatedSection: Section = ({ data, label, names }) => {
  const blocks = data.arms.flatMap((arm) => {
    const first = arm.generated[0];
    if (first === undefined) return [];
    return [`### ${label('generated.seed', { arm: names.of(arm.id), seed: first.seed })}`, ...generatedText(arm)];
  });
  return blocks.length === 0 ? [] : [`## ${escapeInline(label('generated'))}`, ...blocks];
};

/** The prefixes and continuations of an arm's first seed, one a line; nothing when it wrote none. */
export function generatedText({ generated }: ReportArm): readonly string[] {
  const first = generated[0];
  if (first === undefined) return [];
  const lines = first.texts.map(({ prefix, text }) => oneLine(text.startsWith(prefix) ? text : `${prefix}${text}`));
  return [fenced(lines.join('\n'))];
}

function oneLine(text: string): string {
  return text.replace(/\r\n?|\n/g, '⏎');
}
