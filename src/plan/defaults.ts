import { pipelineSchema, resolved, schemasAt } from '../pipeline/schema.js';

type Mapping = { readonly [key: string]: unknown };

/**
 * A new mapping: that at `path` with every key of the schema: as written, else the schema's default, else null. The schema is
 * the only place where defaults are written, but for those that depend on another key.
 */
export function filled(path: string, written: Mapping | undefined): { [key: string]: unknown } {
  const standards = defaultsAt(path);
  // A copy that some keys are changed in: made a key at a time it costs several times as much.
  const mapping: { [key: string]: unknown } = { ...standards };
  for (const key in written) if (Object.hasOwn(standards, key)) mapping[key] = written[key] ?? standards[key];
  return mapping;
}

/** Sorted, so that canonical texts need not sort. */
function defaultsAt(path: string): Mapping {
  const known = defaults.get(path);
  if (known !== undefined) return known;
  const schema = schemasAt(pipelineSchema, path.split('.')).find(({ properties }) => properties !== undefined);
  if (schema?.properties === undefined) throw new Error(`the schema has no mapping at ${path}`);
  const found = Object.fromEntries(
    Object.entries(schema.properties)
      .map(([key, property]) => [key, resolved(property).default ?? null] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  // Parsed, an object is laid out once and for all, and so are its copies: they take half the memory.
  const compact = JSON.parse(JSON.stringify(found)) as Mapping;
  defaults.set(path, compact);
  return compact;
}

const defaults = new Map<string, Mapping>();

/** The schema's default of a top-level key. */
export function defaultOf(key: string): unknown {
  return resolved(pipelineSchema.properties?.[key] ?? {}).default;
}
