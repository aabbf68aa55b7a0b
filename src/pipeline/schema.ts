import { createRequire } from 'node:module';

/** The part of JSON Schema that schemas/pipeline.schema.json uses. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $defs?: { readonly [name: string]: Schema };
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/**
 * The schema of a pipeline, as the package ships it, but for what is generated for editors (`allOf` with every setting
 * path): it repeats other parts, and setting paths are checked by what they name.
 */
export const pipelineSchema: Schema = withoutGenerated(
  createRequire(import.meta.url)('../../schemas/pipeline.schema.json') as Schema,
) as Schema;

function withoutGenerated(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutGenerated);
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(
        ([key, child]) => key !== 'allOf' && !(typeof child === 'object' && child !== null && '$comment' in child),
      )
      .map(([key, child]) => [key, withoutGenerated(child)]),
  );
}

/** Follows `$ref`; what stands beside the reference wins over what it names. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const known = followed.get(schema);
  if (known !== undefined) return known;
  const { $ref, ...beside } = schema;
  const target = pipelineSchema.$defs?.[$ref.replace('#/$defs/', '')];
  if (target === undefined) throw new Error(`the schema has no ${$ref}`);
  const whole = { ...resolved(target), ...beside };
  followed.set(schema, whole);
  return whole;
}

/** One object per schema, so that what is compiled for it is found again. */
const followed = new WeakMap<Schema, Schema>();

/** The schema and, where it is a choice, all of its branches, references followed. */
export function alternatives(schema: Schema): readonly Schema[] {
  const whole = resolved(schema);
  const branches = whole.anyOf ?? whole.oneOf;
  if (branches === undefined || isRequirement(whole)) return [whole];
  return branches.flatMap(alternatives);
}

/** Whether its choice only says which keys must be there (`anyOf: [{required: [md5]}, …]`). */
export function isRequirement(schema: Schema): boolean {
  return (schema.anyOf ?? schema.oneOf)?.every((branch) => Object.keys(branch).join() === 'required') === true;
}

/** The key that stands for the members of a list in `schemasAt`. */
export const ANY_MEMBER = '[]';

/** The schemas that a value at `keys` under `schema` may fulfil; none when there is no such key. */
export function schemasAt(schema: Schema, keys: readonly string[]): readonly Schema[] {
  if (schema !== pipelineSchema) return walk(schema, keys);
  const path = keys.join('\n');
  const known = places.get(path);
  if (known !== undefined) return known;
  const schemas = walk(schema, keys);
  // Unknown keys are as many as there are mistakes; what exists is bounded, but for the labels of open mappings.
  if (schemas.length > 0 && places.size < 2000) places.set(path, schemas);
  return schemas;
}

/** Planning asks for the same places for every arm. */
const places = new Map<string, readonly Schema[]>();

function walk(schema: Schema, keys: readonly string[]): readonly Schema[] {
  let schemas = alternatives(schema);
  for (const key of keys) {
    schemas = schemas.flatMap((parent) => {
      if (key === ANY_MEMBER) return parent.items === undefined ? [] : [parent.items];
      const child = Object.hasOwn(parent.properties ?? {}, key)
        ? parent.properties?.[key]
        : parent.additionalProperties;
      return typeof child === 'object' ? [child] : [];
    });
    schemas = schemas.flatMap(alternatives);
  }
  return schemas;
}

/** The keys that a mapping at `keys` under `schema` may have, in the schema's order. */
export function knownKeys(schema: Schema, keys: readonly string[]): readonly string[] {
  return [...new Set(schemasAt(schema, keys).flatMap((parent) => Object.keys(parent.properties ?? {})))];
}
