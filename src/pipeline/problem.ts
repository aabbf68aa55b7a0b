import type { ErrorObject } from 'ajv';
import { expectation, found } from './describe.js';
import { unknownKeyHint } from './key-hints.js';
import { nearest } from './nearest.js';
import { type Path, pathText } from './path.js';
import { alternatives, knownKeys, resolved, type Schema } from './schema.js';
import { regexProblem } from './schema-errors.js';

/** One thing that the schema refuses, before its place in a file is known. */
export interface Problem {
  readonly code: string;
  readonly path: Path;
  /** Whether the value or the key at `path` is to be underlined. */
  readonly at: 'value' | 'key';
  readonly message: string;
  readonly hint: string | null;
  /** The key that is needed in the mapping at `path` and is not there. */
  readonly missing?: string;
}

/** What one error of ajv, at `path`, is to the one who wrote the pipeline. */
export function problemOf(error: ErrorObject, path: Path): Problem {
  const schema = resolved(error.parentSchema as Schema);
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(String(error.params.additionalProperty), schema, path);
    case 'required':
      return missingKey(String(error.params.missingProperty), schema, path);
    case 'anyOf':
      return requirement(schema, path);
    case 'propertyNames': {
      const key = String(error.params.propertyName);
      const names = resolved(schema.propertyNames ?? {});
      const message = `expected ${expectation(names)} as a key, found \`${key}\``;
      return { code: 'BAD_KEY', path: [...path, key], at: 'key', message, hint: names.description ?? null };
    }
    case 'minProperties':
    case 'maxProperties': {
      const least = error.keyword === 'minProperties';
      const keys = knownKeys(schema, []);
      const message = `${nameOf(path)}: expected ${least ? 'at least' : 'at most'} ${error.params.limit} key${error.params.limit === 1 ? '' : 's'}, found ${found(error.data)}`;
      return {
        code: 'BAD_VALUE',
        path,
        at: 'value',
        message,
        hint: keys.length > 0 ? `Known keys here: ${keys.join(', ')}.` : null,
      };
    }
    case 'uniqueItems': {
      const { i, j } = error.params as { readonly i: number; readonly j: number };
      const later = Math.max(i, j);
      const message = `${nameOf(path)}: expected each value once, found ${found((error.data as unknown[])[later])} twice`;
      return { code: 'BAD_VALUE', path: [...path, later], at: 'value', message, hint: 'Remove one of the two.' };
    }
    case 'format': {
      const message = `${nameOf(path)}: expected a regular expression, found ${found(error.data)}: ${regexProblem(String(error.data))}`;
      return {
        code: 'BAD_REGEX',
        path,
        at: 'value',
        message,
        hint: 'It is read as JavaScript reads it, with the u flag.',
      };
    }
    default:
      return badValue(error.data, alternatives(schema), path);
  }
}

function unknownKey(key: string, schema: Schema, path: Path): Problem {
  return {
    code: 'UNKNOWN_KEY',
    path: [...path, key],
    at: 'key',
    message: path.length === 0 ? `unknown key \`${key}\`` : `unknown key \`${key}\` in \`${pathText(path)}\``,
    hint: unknownKeyHint(key, path, Object.keys(schema.properties ?? {})),
  };
}

function missingKey(key: string, schema: Schema, path: Path): Problem {
  const { description, examples } = resolved(schema.properties?.[key] ?? {});
  const example = examples?.[0];
  return {
    code: 'MISSING_KEY',
    path,
    at: 'key',
    message: `${path.length === 0 ? 'the pipeline' : `\`${pathText(path)}\``} needs the key \`${key}\`, found none`,
    hint:
      `${description ?? ''}${example === undefined ? '' : ` For example \`${key}: ${yamlText(example)}\`.`}`.trim() ||
      null,
    missing: key,
  };
}

function requirement(schema: Schema, path: Path): Problem {
  const keys = (schema.anyOf ?? []).map((branch) => `\`${branch.required?.join('` and `')}\``).join(' or ');
  return {
    code: 'MISSING_KEY',
    path,
    at: 'key',
    message: `${nameOf(path)} needs the key ${keys}, found none of them`,
    hint: null,
  };
}

/** A value that is none of the forms that its key takes. */
export function badValue(value: unknown, branches: readonly Schema[], path: Path): Problem {
  const words = branches.flatMap((branch) => [...(branch.enum ?? []), ...('const' in branch ? [branch.const] : [])]);
  const meant = typeof value === 'string' ? nearest(value, words.map(String)) : null;
  return {
    code: 'BAD_VALUE',
    path,
    at: 'value',
    message: `${nameOf(path)}: expected ${expectation({ anyOf: branches })}, found ${found(value)}`,
    hint: meant === null ? (longForm(value, branches) ?? takenText(value, branches)) : `Did you mean \`${meant}\`?`,
  };
}

/** For a name where a mapping is expected that has this name as its `type`: how to write it. */
function longForm(value: unknown, branches: readonly Schema[]): string | null {
  const hasType = branches.some(({ properties }) => resolved(properties?.type ?? {}).enum?.includes(value));
  return hasType ? `Write \`{ type: ${value} }\`.` : null;
}

/** For what is not a text of the form that the key takes (`30` for `30m`, too): which that is. */
function takenText(value: unknown, [branch, ...others]: readonly Schema[]): string | null {
  const plain = value !== null && typeof value !== 'object';
  return plain && others.length === 0 && branch?.pattern !== undefined ? (branch.description ?? null) : null;
}

/** How messages call what stands at `path`. */
export function nameOf(path: Path): string {
  return path.length === 0 ? 'the pipeline' : `\`${pathText(path)}\``;
}

function yamlText(example: unknown): string {
  return typeof example === 'string'
    ? example
    : JSON.stringify(example)
        .replaceAll(/"([\w./-]+)"/g, '$1')
        .replaceAll(/([,:])/g, '$1 ');
}
