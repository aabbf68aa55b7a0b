import { expectation } from '../describe.js';
import { explain } from '../explain.js';
import { unknownPathHint } from '../key-hints.js';
import { type Path, pathText } from '../path.js';
import type { Problem } from '../problem.js';
import { pipelineSchema, type Schema, schemasAt } from '../schema.js';

/** What a sweep may set: everything that a trial's configuration has. */
const SWEPT = ['task', 'data', 'model', 'loss', 'optimizer', 'train', 'metrics', 'generate', 'engine'];

/** Whether a setting path names a key that can be varied. */
export function checkPath(key: string, path: Path, at: 'key' | 'value'): readonly Problem[] {
  if (valueSchema(key) === null) {
    const message = `\`${key}\` names no key of a pipeline`;
    return [{ code: 'UNKNOWN_PATH', path, at, message, hint: unknownPathHint(key) }];
  }
  if (SWEPT.includes(key.split('.')[0]!)) return [];
  const message = `\`${key}\` is the same for every trial and cannot be varied`;
  return [{ code: 'UNKNOWN_PATH', path, at, message, hint: `What can be varied: ${SWEPT.join(', ')}.` }];
}

/** Whether the key at a setting path takes the value, which stands at `path`. */
export function checkValue(key: string, value: unknown, path: Path): readonly Problem[] {
  const schema = valueSchema(key);
  if (schema === null) return [];
  if (value === null) {
    if (!isRequired(key)) return [];
    const message = `\`${pathText(path)}\`: expected ${expectation(schema)}, found nothing`;
    return [{ code: 'BAD_VALUE', path, at: 'value', message, hint: `\`${key}\` must have a value.` }];
  }
  return explain(value, schema, path);
}

/** Whether the key at a setting path takes the value. */
export function acceptsValue(key: string, value: unknown): boolean {
  return checkValue(key, value, [key]).length === 0;
}

/** Whether the numbers that the key takes are whole: a draw is rounded there. */
export function takesOnlyWholeNumbers(key: string): boolean {
  const types = schemasAt(pipelineSchema, key.split('.')).flatMap(({ type = [] }) => type);
  return types.includes('integer') && !types.includes('number');
}

/** Whether the key takes any number. */
export function takesNumbers(key: string): boolean {
  const types = schemasAt(pipelineSchema, key.split('.')).flatMap(({ type = [] }) => type);
  return types.includes('integer') || types.includes('number');
}

/** Whether the key takes a duration, which a configuration holds in seconds. */
export function takesDuration(key: string): boolean {
  const { pattern } = pipelineSchema.$defs?.duration ?? {};
  return schemasAt(pipelineSchema, key.split('.')).some((schema) => schema.pattern === pattern);
}

const schemas = new Map<string, Schema | null>();

/** The schema of the value at a setting path, or null when it names no key. */
function valueSchema(key: string): Schema | null {
  const known = schemas.get(key);
  if (known !== undefined) return known;
  const branches = schemasAt(pipelineSchema, key.split('.'));
  const schema = branches.length === 0 ? null : branches.length === 1 ? branches[0]! : { anyOf: branches };
  schemas.set(key, schema);
  return schema;
}

/** Whether every form of the key's parent needs it. */
function isRequired(key: string): boolean {
  const keys = key.split('.');
  const parents = schemasAt(pipelineSchema, keys.slice(0, -1)).filter(({ type }) => type === 'object');
  return parents.every(({ required }) => required?.includes(keys.at(-1)!) === true);
}
