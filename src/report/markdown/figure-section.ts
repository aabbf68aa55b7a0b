import { listFigures } from '../figures/list-figures.js';
import { escapeInline } from './escape.js';
import type { Section } from './section.js';

/** Links to the figures, each with its caption. */
export const figureSection: Section = (context) => {
  const figures = listFigures(context);
  if (figures.length === 0) return [];
  return [
    `## ${context.label('figures')}`,
    ...figures.flatMap(({ name, title, caption }) => [
      `![${escapeInline(title)}](${context.figuresFolder}/${name}.svg)`,
      `*${escapeInline(caption)}*`,
    ]),
  ];
};
