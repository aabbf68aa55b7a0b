import { pipelineSchema, resolved, schemasAt } from '../pipeline/schema.js';

type Mapping = { readonly [key: string]: unknown };

/**
 * The mapping at `keys` with every key of the schema: as written, else the schema's default, else null. The schema is
 * the only place where defaults are written, but for those that depend on another key.
 */
export function filled(keys: readonly string[], written: Mapping | undefined): Mapping {
  const mapping: { [key: string]: unknown } = {};
  for (const [key, standard] of defaultsAt(keys)) mapping[key] = written?.[key] ?? standard;
  return mapping;
}

/** Sorted, so that canonical texts need not sort. */
function defaultsAt(keys: readonly string[]): readonly (readonly [key: string, standard: unknown])[] {
  const path = keys.join('.');
  const known = defaults.get(path);
  if (known !== undefined) return known;
  const schema = schemasAt(pipelineSchema, keys).find(({ properties }) => properties !== undefined);
  if (schema?.properties === undefined) throw new Error(`the schema has no mapping at ${path}`);
  const found = Object.entries(schema.properties)
    .map(([key, property]) => [key, resolved(property).default ?? null] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  defaults.set(path, found);
  return found;
}

const defaults = new Map<string, readonly (readonly [key: string, standard: unknown])[]>();

/** The schema's default of a top-level key. */
export function defaultOf(key: string): unknown {
  return resolved(pipelineSchema.properties?.[key] ?? {}).default;
}
