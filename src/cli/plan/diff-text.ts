import type { Compared } from './render.js';

const MOST_LINES = 50;

/** What a plan has that another has not, and the other way round, one arm a line. */
export function diffLines({ name, diff }: Compared): readonly string[] {
  const { trials, added, removed, changed } = diff;
  const head = `Against ${name}: ${trials.added} trials new, ${trials.removed} gone, ${trials.unchanged} the same`;
  const lines = [
    ...added.map((label) => `+ ${label}`),
    ...removed.map((label) => `- ${label}`),
    ...changed.flatMap(({ arm, keys }) =>
      keys.map(({ path, before, after }) => `~ ${arm}: ${path} ${JSON.stringify(before)} → ${JSON.stringify(after)}`),
    ),
  ];
  const more = lines.length - MOST_LINES;
  return [head, ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])];
}
