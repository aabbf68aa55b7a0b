import { alternatives, pipelineSchema, resolved, schemasAt } from './schema.js';

type Mapping = { readonly [key: string]: unknown };

/** The keys of a setting path; below `sweep.grid` and the like, whose keys are themselves paths, the rest is one key. */
export function settingKeys(path: string): readonly string[] {
  const parts = path.split('.');
  for (let n = 1; n < parts.length; n++) {
    const [schema] = schemasAt(pipelineSchema, parts.slice(0, n));
    if (schema?.propertyNames !== undefined) return [...parts.slice(0, n), parts.slice(n).join('.')];
  }
  return parts;
}

/** The value at `keys` in plain data (short forms read as the mappings that they stand for), or undefined. */
export function getSetting(data: unknown, keys: readonly string[]): unknown {
  let at = data;
  for (let n = 0; n < keys.length; n++) {
    const mapping = isMapping(at) ? at : expanded(at, keys.slice(0, n));
    if (!Object.hasOwn(mapping, keys[n]!)) return undefined;
    at = mapping[keys[n]!];
  }
  return at;
}

/**
 * A copy of plain data with the value at `keys` set, or removed where it is null. Short forms on the way become the
 * mappings that they stand for (`loss: label_smoothing` + `loss.smoothing`), and what contradicts the new key goes
 * (`data.source.file` replaces a `url` with its `md5`).
 */
export function setSetting(data: unknown, keys: readonly string[], value: unknown): unknown {
  return write(data, stepsOf(keys), value);
}

/** A section as it is with a value set in it; undefined where nothing is left of it. */
export type SectionWriter = (section: unknown, value: unknown) => unknown;

/** `setSetting` for the key at `keys` in its top-level section, for plans that set it a hundred thousand times: the schema is asked once. */
export function sectionWriter(keys: readonly string[]): SectionWriter {
  const within = stepsOf(keys)?.next ?? null;
  return within === null ? (_, value) => value ?? undefined : (section, value) => write(section, within, value);
}

function stepsOf(keys: readonly string[]): Step | null {
  return keys.reduceRight<Step | null>((next, key, depth) => {
    const prefix = keys.slice(0, depth);
    return { key, prefix, companions: companionsOf(prefix, key), next };
  }, null);
}

/** The keys of the mapping at `prefix` that may stay when `key` is set in it. */
export function compatibleKeys(present: readonly string[], prefix: readonly string[], key: string): readonly string[] {
  const companions = companionsOf(prefix, key);
  return companions === null ? present : present.filter((other) => companions.has(other));
}

/** The keys that may stand beside `key` in the mapping at `prefix`; null where all may. */
function companionsOf(prefix: readonly string[], key: string): ReadonlySet<string> | null {
  const path = `${prefix.join('\n')}\n${key}`;
  let known = companions.get(path);
  if (known === undefined) {
    const branches = schemasAt(pipelineSchema, prefix).filter(({ properties }) => properties !== undefined);
    const having = branches.filter(({ properties }) => Object.hasOwn(properties ?? {}, key));
    const all = having.length === 0 || having.length === branches.length;
    known = all ? null : new Set(having.flatMap(({ properties }) => Object.keys(properties ?? {})));
    if (companions.size < 2000) companions.set(path, known);
  }
  return known;
}

/** Planning asks for the same ones for every arm. */
const companions = new Map<string, ReadonlySet<string> | null>();

/** The mapping that a short form at `keys` stands for: `loss: nll` is `{type: nll}`. */
export function expanded(short: unknown, keys: readonly string[]): Mapping {
  if (typeof short !== 'string') return {};
  const path = keys.join('.');
  if (path === 'loss' || path === 'data.tokens') return { type: short };
  if (path === 'engine') return { name: short };
  if (path === 'executor') return { [short]: {} };
  if (path === 'model.init') return Object.fromEntries(initializerGroups().map((group) => [group, short]));
  return {};
}

/** What is written at `prefix`, as the mapping that `key` can be set in. */
export function longForm(written: unknown, prefix: readonly string[], key: string): Mapping {
  if (!isMapping(written)) return expanded(written, prefix);
  if (prefix.length !== 2 || prefix[0] !== 'model' || prefix[1] !== 'init') return written;
  const named = [...initializerGroups(), 'forget_bias'];
  const forAll = Object.keys(written).every((name) => !named.includes(name));
  return forAll && named.includes(key)
    ? Object.fromEntries(initializerGroups().map((group) => [group, written]))
    : written;
}

/** The groups of parameters that `model.init` names. */
export function initializerGroups(): readonly string[] {
  groups ??= findInitializerGroups();
  return groups;
}

let groups: readonly string[] | undefined;

function findInitializerGroups(): readonly string[] {
  const { properties } = resolved(pipelineSchema.$defs?.initializers ?? {});
  return Object.entries(properties ?? {})
    .filter(([, schema]) => alternatives(schema).length > 1)
    .map(([group]) => group);
}

/** A key on the way to a setting. */
interface Step {
  readonly key: string;
  readonly prefix: readonly string[];
  /** The keys that may stand beside it; null where all may. */
  readonly companions: ReadonlySet<string> | null;
  readonly next: Step | null;
}

function write(data: unknown, step: Step | null, value: unknown): unknown {
  if (step === null) return value;
  const { key, prefix, companions, next } = step;
  // Not by spread: V8's copies of so many different mappings by one spread are slow to read and to change.
  const copy: { [key: string]: unknown } = Object.assign({}, longForm(data, prefix, key));
  if (companions !== null) for (const name of Object.keys(copy)) if (!companions.has(name)) delete copy[name];
  if (next === null && value === null) delete copy[key];
  else copy[key] = write(Object.hasOwn(copy, key) ? copy[key] : undefined, next, value);
  return copy;
}

function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
