import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic } from './diagnostic.js';
import { type Path, pathText } from './path.js';
import type { Position } from './positions.js';
import { locationOf, type SourceText, type Span } from './source-text.js';

/** Plain data with the place where every part of it was written. */
export interface Composed {
  readonly data: unknown;
  readonly position: Position;
  readonly diagnostics: readonly Diagnostic[];
}

/** Values beyond those that are written out, of which a text has no more than characters; aliases of aliases reach it at once. */
const MOST_ALIASED = 20_000;
const DEEPEST = 100;

/**
 * Turns a parsed document into plain data: aliases and merge keys (`<<`) are resolved, repeated keys, endless aliases
 * and values that JSON cannot hold are diagnostics. `offset` is where in the source the document begins.
 */
export function compose(document: Document, source: SourceText, offset = 0): Composed {
  const state: State = { targets: aliasTargets(document), source, offset, diagnostics: [], values: 0, stopped: false };
  const { data, position } = value(state, document.contents, { path: [], key: null, open: [] });
  return { data, position, diagnostics: state.diagnostics };
}

/** What every alias stands for: the latest node before it with its anchor. */
function aliasTargets(document: Document): ReadonlyMap<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  visit(document, {
    Alias: (_, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

interface State {
  readonly targets: ReadonlyMap<Alias, Node | undefined>;
  readonly source: SourceText;
  readonly offset: number;
  readonly diagnostics: Diagnostic[];
  values: number;
  stopped: boolean;
}

interface Place {
  readonly path: Path;
  readonly key: Span | null;
  /** The nodes that this one stands in, to notice an alias of its own parent. */
  readonly open: readonly Node[];
}

interface Value {
  readonly data: unknown;
  readonly position: Position;
}

function value(state: State, node: Node | null, place: Place): Value {
  const span = spanOf(state, node);
  if (isAlias(node)) {
    const target = state.targets.get(node);
    if (target === undefined || place.open.includes(target)) {
      report(state, span, place.path, {
        code: 'YAML_ALIAS',
        message: `\`*${node.source}\` stands for no anchor that ends before it`,
        hint: `Write \`&${node.source}\` before the value that it stands for.`,
      });
      return leaf(null, span, place.key);
    }
    const resolved = value(state, target, place);
    const { position } = resolved;
    return { data: resolved.data, position: { ...position, value: span, target: position.target ?? position.value } };
  }
  if (tooLarge(state, span, place)) return leaf(null, span, place.key);
  if (isMap(node)) return mapping(state, node, place, span);
  if (isSeq(node)) {
    const members = node.items.map((item, index) =>
      value(state, item as Node | null, { path: [...place.path, index], key: null, open: [...place.open, node] }),
    );
    const children = new Map(members.map(({ position }, index) => [String(index), position]));
    return { data: members.map(({ data }) => data), position: { value: span, key: place.key, children } };
  }
  return leaf(scalar(state, node as Scalar | null, span, place.path), span, place.key);
}

function mapping(state: State, node: YAMLMap, place: Place, span: Span): Value {
  const data: { [key: string]: unknown } = {};
  const children = new Map<string, Position>();
  const merges: Pair[] = [];
  const inside = [...place.open, node];
  for (const pair of node.items as Pair<Node | null, Node | null>[]) {
    if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<') {
      merges.push(pair);
      continue;
    }
    const keySpan = spanOf(state, pair.key);
    const key = keyText(state, pair.key, keySpan, place.path);
    if (key === null) continue;
    const path = [...place.path, key];
    if (children.has(key)) {
      report(state, keySpan, path, {
        code: 'DUPLICATE_KEY',
        message: `the key \`${key}\` stands twice in this mapping`,
        hint: 'Keep one of the two.',
      });
      continue;
    }
    const member = value(state, pair.value, { path, key: keySpan, open: inside });
    data[key] = member.data;
    children.set(key, member.position);
  }
  for (const pair of merges) merge(state, pair.value as Node | null, { ...place, open: inside }, { data, children });
  return { data, position: { value: span, key: place.key, children } };
}

/** Adds the keys of merged mappings that the mapping does not have itself; earlier ones win. */
function merge(
  state: State,
  node: Node | null,
  place: Place,
  into: { readonly data: { [key: string]: unknown }; readonly children: Map<string, Position> },
): void {
  const sources = isSeq(node) ? (node.items as Node[]) : [node];
  for (const item of sources) {
    const { data, position } = value(state, item, place);
    if (data === null || typeof data !== 'object' || Array.isArray(data)) {
      report(state, spanOf(state, item), place.path, {
        code: 'YAML_MERGE',
        message: 'expected a mapping to merge after `<<`, found something else',
        hint: 'Write `<<: *name`, where `&name` marks a mapping.',
      });
      continue;
    }
    for (const [key, child] of position.children) {
      if (into.children.has(key)) continue;
      into.data[key] = (data as { [key: string]: unknown })[key];
      into.children.set(key, child);
    }
  }
}

/** The key as it stands in the file (`007` stays `007`), or null after a diagnostic. */
function keyText(state: State, key: Node | null, span: Span, path: Path): string | null {
  const text = isScalar(key) ? (key.type === 'PLAIN' ? (key.source ?? '') : String(key.value)) : '';
  if (text !== '' && text !== '__proto__') return text;
  report(state, span, path, {
    code: 'YAML_KEY',
    message: 'expected a key that is a word or a number',
    hint: null,
  });
  return null;
}

function scalar(state: State, node: Scalar | null, span: Span, path: Path): unknown {
  const data = node?.value ?? null;
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number' && Number.isFinite(data)) return data;
  report(state, span, path, {
    code: 'YAML_VALUE',
    message: `expected text, a finite number, true or false, found \`${String(node?.source ?? data)}\``,
    hint: null,
  });
  return 0;
}

function tooLarge(state: State, span: Span, { path, open }: Place): boolean {
  state.values++;
  if (state.values <= MOST_ALIASED + state.source.text.length && open.length <= DEEPEST) return false;
  if (!state.stopped) {
    report(state, span, path.slice(0, 1), {
      code: 'YAML_TOO_LARGE',
      message:
        open.length > DEEPEST
          ? `the YAML is nested more than ${DEEPEST} levels deep`
          : `the YAML holds more than ${state.values - 1} values once its aliases are resolved`,
      hint: 'Aliases of aliases multiply: write the values out, or use `sweep`.',
    });
  }
  state.stopped = true;
  return true;
}

function leaf(data: unknown, span: Span, key: Span | null): Value {
  return { data, position: { value: span, key, children: new Map() } };
}

function spanOf({ source, offset }: State, node: Node | null): Span {
  const [start, end] = node?.range ?? [0, 0];
  return { source, start: offset + start, end: offset + end };
}

function report(
  state: State,
  span: Span,
  path: Path,
  wording: { readonly code: string; readonly message: string; readonly hint: string | null },
): void {
  state.diagnostics.push({ severity: 'error', ...wording, path: pathText(path), location: locationOf(span) });
}
