import { type Path, pathText } from '../path.js';
import type { Position } from '../positions.js';
import type { Problem } from '../problem.js';
import { type Mapping, mapping } from './plain-data.js';

/**
 * Mappings whose order counts (classes, folders, factors) and in which JavaScript would change it: of the keys of an
 * object, whole numbers come first, in ascending order, wherever they are written.
 */
export function checkKeyOrder(data: unknown, position: Position, path: Path = []): readonly Problem[] {
  if (data === null || typeof data !== 'object') return [];
  const hint = Array.isArray(data) ? null : hintFor(path);
  const moved = hint === null ? null : firstMoved(mapping(data), position);
  const own = moved === null || hint === null ? [] : [problem(moved, [...path, moved.key], hint(moved.written))];
  const inner = [...position.children].flatMap(([key, child]) => {
    const part = Array.isArray(data) ? Number(key) : key;
    return checkKeyOrder((data as { readonly [part: string | number]: unknown })[part], child, [...path, part]);
  });
  return [...own, ...inner];
}

interface Moved {
  /** The key that is read before one that is written before it. */
  readonly key: string;
  readonly before: string;
  /** All keys in the order in which they are written. */
  readonly written: readonly string[];
}

function firstMoved(data: Mapping, { children }: Position): Moved | null {
  // What an override removed is still in the positions.
  const written = [...children.keys()].filter((key) => Object.hasOwn(data, key));
  const read = Object.keys(data).filter((key) => children.has(key));
  const at = written.findIndex((key, index) => key !== read[index]);
  return at === -1 ? null : { key: read[at]!, before: written[at]!, written };
}

/** How to write what the mapping at a path says in another way; null where its order says nothing. */
function hintFor(path: Path): ((written: readonly string[]) => string) | null {
  // Values of a sweep stand under their setting path: `sweep.grid.data.labels[0]`.
  const keys = path.filter((part) => typeof part === 'string').join('.');
  if (/(^|\.)ablate\.factors$/.test(keys)) {
    return () => 'Give the factors names that are no whole numbers, such as `hidden 64`.';
  }
  const [, part] = /(?:^|\.)data\.(labels|train|validation|test)(?:\.choice)?$/.exec(keys) ?? [];
  if (part === undefined) return null;
  return (written) => {
    const list = `\`labels: [${written.map((key) => JSON.stringify(key)).join(', ')}]\``;
    if (part === 'labels') return `${ASCENDING}, or the classes as a list, which keeps its order: ${list}.`;
    return part === 'train'
      ? `${ASCENDING}; a list in \`data\` gives classes another order: ${list}.`
      : `${ASCENDING}.`;
  };
}

const ASCENDING = 'Write whole numbers first, in ascending order';

function problem({ key, before }: Moved, path: Path, hint: string): Problem {
  const message = `\`${pathText(path.slice(0, -1))}\`: the order counts here, but \`${key}\` would be read before \`${before}\`: whole numbers come first, in ascending order`;
  return { code: 'KEY_ORDER', path, at: 'key', message, hint };
}
