import { pipelineSchema, resolved, schemasAt } from '../pipeline/schema.js';

type Mapping = { readonly [key: string]: unknown };

/**
 * The mapping at `keys` with every key of the schema: as written, else the schema's default, else null. The schema is
 * the only place where defaults are written, but for those that depend on another key.
 */
export function filled(keys: readonly string[], written: Mapping | undefined): Mapping {
  const schema = schemasAt(pipelineSchema, keys).find(({ properties }) => properties !== undefined);
  if (schema?.properties === undefined) throw new Error(`the schema has no mapping at ${keys.join('.')}`);
  return Object.fromEntries(
    Object.entries(schema.properties).map(([key, property]) => [
      key,
      written?.[key] ?? resolved(property).default ?? null,
    ]),
  );
}
