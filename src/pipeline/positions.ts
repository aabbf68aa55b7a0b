import type { Path } from './path.js';
import { locationOf, type Span, type SpanLocation } from './source-text.js';

/** Where a value of the pipeline was written, its key and its members. */
export interface Position {
  readonly value: Span;
  /** Of an alias: what it stands for. */
  readonly target?: Span;
  readonly key: Span | null;
  readonly children: ReadonlyMap<string, Position>;
  /** Where keys that it would have were removed: by null in a file over another, or in an override. */
  readonly removed?: ReadonlyMap<string, Position>;
}

/**
 * Where the value at `path` was written. For one that was not written: the short form that it is part of (`nll` for
 * `loss.type`), or the key of its nearest written parent.
 */
export function locateValue(root: Position, path: Path): SpanLocation {
  const { position, missing } = find(root, path);
  if (missing && position.children.size > 0) return locationOf(ownName(position));
  const { value, key } = position;
  return locationOf(value.end > value.start || key === null ? value : key);
}

/** Where the key at `path` was written; a list's member, which has no key, is told by its value. */
export function locateKey(root: Position, path: Path): SpanLocation {
  return locationOf(ownName(find(root, path).position));
}

/** Where the key of the mapping at `path` was removed, or null where it was not. */
export function locateRemoval(root: Position, path: Path, key: string): SpanLocation | null {
  const { position, missing } = find(root, path);
  const removed = missing ? undefined : position.removed?.get(key);
  return removed === undefined ? null : locationOf(ownName(removed));
}

function find(root: Position, path: Path): { readonly position: Position; readonly missing: boolean } {
  let position = root;
  for (const part of path) {
    const child = position.children.get(String(part));
    if (child === undefined) return { position, missing: true };
    position = child;
  }
  return { position, missing: false };
}

/** The key; without one the first member's key, so that a whole mapping is not underlined. */
function ownName({ key, value, children }: Position): Span {
  if (key !== null) return key;
  const [first] = children.values();
  return first?.key ?? value;
}
