import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { alternatives, isRequirement, pipelineSchema, resolved, type Schema } from '../../src/pipeline/schema.js';
import { schemaErrors } from '../../src/pipeline/schema-errors.js';

interface Key {
  readonly path: string;
  readonly schema: Schema;
}

/** Every key of the language, each part of the schema visited once. */
function allKeys(schema: Schema, path: string, seen: Set<Schema>): readonly Key[] {
  const whole = resolved(schema);
  if (seen.has(whole)) return [];
  seen.add(whole);
  const own = Object.entries(whole.properties ?? {}).map(([key, child]) => ({ path: `${path}.${key}`, schema: child }));
  const inner = [
    ...own,
    ...[whole.items, whole.additionalProperties, ...(whole.anyOf ?? []), ...(whole.oneOf ?? [])]
      .filter((child) => typeof child === 'object')
      .map((child) => ({ path, schema: child })),
  ];
  return [...own, ...inner.flatMap((child) => allKeys(child.schema, child.path, seen))];
}

const keys = allKeys(pipelineSchema, '', new Set());

describe('the schema', () => {
  it('gives every key a title, a description and an example', () => {
    expect(keys.length).toBeGreaterThan(150);
    const lacking = keys.filter(({ schema }) => {
      const { title, description, examples } = resolved(schema);
      return !title || !description || !examples?.length;
    });
    expect(lacking.map(({ path }) => path)).toEqual([]);
  });

  it('is a JSON Schema of 2020-12: planning does not check that again', () => {
    const ajv = new Ajv2020();
    expect(ajv.validateSchema(JSON.parse(readFileSync('schemas/pipeline.schema.json', 'utf8'))), ajv.errorsText()).toBe(
      true,
    );
  });

  it('accepts its own examples and defaults', () => {
    const refused = keys.filter(({ schema }) => {
      const whole = resolved(schema);
      const values = [...(whole.examples ?? []), ...('default' in whole ? [whole.default] : [])];
      return values.some((value) => schemaErrors(value, whole).length > 0);
    });
    expect(refused.map(({ path }) => path)).toEqual([]);
  });

  it('takes no unknown keys: every mapping says what it takes', () => {
    const open = keys.filter(({ schema }) =>
      alternatives(schema).some(
        ({ type, additionalProperties }) => type === 'object' && additionalProperties === undefined,
      ),
    );
    expect(pipelineSchema.additionalProperties).toBe(false);
    expect(open.map(({ path }) => path)).toEqual([]);
  });

  it('keeps choices apart from mappings, so that one error can be told per value', () => {
    const mixed = keys.filter(({ schema }) => {
      const whole = resolved(schema);
      return (whole.anyOf ?? whole.oneOf) !== undefined && !isRequirement(whole) && whole.properties !== undefined;
    });
    expect(mixed.map(({ path }) => path)).toEqual([]);
  });

  it('is what the types are generated from', () => {
    const generated = execFileSync(process.execPath, ['scripts/generate-types.js', '--print'], { encoding: 'utf8' });
    expect(readFileSync('src/pipeline/pipeline-types.ts', 'utf8')).toBe(generated);
  });
});
