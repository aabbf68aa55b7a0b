import { acceptsType } from './describe.js';
import type { Position } from './positions.js';
import { pipelineSchema, schemasAt } from './schema.js';
import { compatibleKeys, expanded } from './settings.js';

type Mapping = { readonly [key: string]: unknown };

/** A part of a pipeline, and where its values are written. */
export interface Part<Data = unknown> {
  readonly data: Data;
  readonly position: Position;
}

/**
 * A pipeline merged over another: mappings key by key, everything else as a whole; null removes a key, except where it
 * is a value (`sweep.list[].set`, conditions). What contradicts a new key goes: a `file` replaces a `url` with its `md5`.
 */
export function mergeOver(base: Part<Mapping>, over: Part<Mapping>): Part<Mapping> {
  return mergeAt(base, over, []);
}

function mergeAt(base: Part<Mapping>, over: Part<Mapping>, prefix: readonly string[]): Part<Mapping> {
  const data: { [key: string]: unknown } = {};
  const children = new Map<string, Position>();
  const removed = new Map(base.position.removed);
  const put = (key: string, part: Part): void => {
    data[key] = part.data;
    children.set(key, part.position);
    removed.delete(key);
  };
  for (const key of keptKeys(base, over, prefix)) put(key, partAt(base, key));
  for (const key of writtenKeys(over)) {
    const path = [...prefix, key];
    const part = partAt(over, key);
    if (part.data === null && !isValue(prefix, path)) {
      delete data[key];
      children.delete(key);
      removed.set(key, part.position);
    } else if (isMapping(part.data)) {
      const below =
        children.has(key) && !holdsOneKey(path)
          ? partAt({ data, position: { ...base.position, children } }, key)
          : null;
      put(key, mergeAt(mappingOf(below, path) ?? emptyAt(part.position), part as Part<Mapping>, path));
    } else put(key, part);
  }
  return { data, position: { ...over.position, children, ...(removed.size === 0 ? {} : { removed }) } };
}

/** The keys of the base that nothing written over it contradicts. */
function keptKeys(base: Part<Mapping>, over: Part<Mapping>, prefix: readonly string[]): readonly string[] {
  const setting = Object.keys(over.data).filter((key) => over.data[key] !== null);
  return setting.reduce<readonly string[]>((kept, key) => compatibleKeys(kept, prefix, key), writtenKeys(base));
}

/** The keys as they are written: of those that are whole numbers only the positions keep the order. */
function writtenKeys({ data, position }: Part<Mapping>): readonly string[] {
  const keys = new Set([...position.children.keys(), ...Object.keys(data)]);
  return [...keys].filter((key) => Object.hasOwn(data, key));
}

function partAt({ data, position }: Part<Mapping>, key: string): Part {
  return { data: data[key], position: position.children.get(key) ?? { ...position, children: new Map() } };
}

/** A mapping, or what a short form (`loss: focal`) stands for. */
function mappingOf(part: Part | null, path: readonly string[]): Part<Mapping> | null {
  if (part === null) return null;
  if (isMapping(part.data)) return part as Part<Mapping>;
  const data = expanded(part.data, path);
  if (Object.keys(data).length === 0) return null;
  const { value, key } = part.position;
  const children = new Map(Object.keys(data).map((name) => [name, { value, key, children: new Map() }]));
  return { data, position: { ...part.position, children } };
}

function emptyAt(position: Position): Part<Mapping> {
  return { data: {}, position: { ...position, children: new Map() } };
}

/** Whether null is written for what it is: a value that a setting takes. */
function isValue(parent: readonly string[], path: readonly string[]): boolean {
  return (
    schemasAt(pipelineSchema, parent).some(({ additionalProperties }) => additionalProperties === true) ||
    schemasAt(pipelineSchema, path).some((schema) => acceptsType(schema, null))
  );
}

/** A choice of one key (a distribution, an executor) is replaced as a whole. */
function holdsOneKey(path: readonly string[]): boolean {
  return schemasAt(pipelineSchema, path).some(({ maxProperties }) => maxProperties === 1);
}

function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
