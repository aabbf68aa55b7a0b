import { escapeInline, fenced } from './escape.js';
import type { Section } from './section.js';

/** What each arm wrote after the prefixes, for its first seed. */
export const generatedSection: Section = ({ data, label, names }) => {
  const blocks = data.arms.flatMap(({ id, generated }) => {
    const first = generated[0];
    if (first === undefined) return [];
    const lines = first.texts.map(({ prefix, text }) => oneLine(text.startsWith(prefix) ? text : `${prefix}${text}`));
    return [`### ${label('generated.seed', { arm: names.of(id), seed: first.seed })}`, fenced(lines.join('\n'))];
  });
  return blocks.length === 0 ? [] : [`## ${escapeInline(label('generated'))}`, ...blocks];
};

function oneLine(text: string): string {
  return text.replace(/\r\n?|\n/g, '⏎');
}
