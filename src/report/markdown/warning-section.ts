import { groupBy } from '../group.js';
import { escapeInline } from './escape.js';
import type { Section } from './section.js';

const MOST_OF_A_FILE = 3;

/** What the trials warned of, each warning once. */
export const warningSection: Section = ({ data, label }) => {
  if (data.warnings.length === 0) return [];
  const lines = data.warnings.map(
    ({ message, trials }) => `- ${escapeInline(message)} ${label('warnings.trials', { n: trials.length })}`,
  );
  return [`## ${label('warnings')}`, lines.join('\n')];
};

/** What could not be read in the run folder. */
export const problemSection: Section = ({ data, label }) => {
  if (data.problems.length === 0) return [];
  const lines = [...groupBy(data.problems, ({ file }) => file)].flatMap(([file, problems]) => {
    const name = escapeInline(file);
    const left = problems.length - MOST_OF_A_FILE;
    return [
      ...problems.slice(0, MOST_OF_A_FILE).map(({ message }) => `- ${name}: ${escapeInline(message)}`),
      ...(left > 0 ? [`- ${name}: ${label('problems.more', { n: left })}`] : []),
    ];
  });
  return [`## ${label('problems')}`, lines.join('\n')];
};
