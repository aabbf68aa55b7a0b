import type { ErrorObject } from 'ajv';
import { acceptsType, expectation, found } from './describe.js';
import { nearestKey, unknownKeyHint } from './key-hints.js';
import { nearest } from './nearest.js';
import { type Path, pathText } from './path.js';
import { alternatives, isRequirement, knownKeys, resolved, type Schema } from './schema.js';
import { regexProblem, schemaErrors } from './schema-errors.js';

/** One thing that the schema refuses, before its place in a file is known. */
export interface Problem {
  readonly code: string;
  readonly path: Path;
  /** Whether the value or the key at `path` is to be underlined. */
  readonly at: 'value' | 'key';
  readonly message: string;
  readonly hint: string | null;
}

/** Everything that `schema` refuses in `value`, which stands at `path`: one problem per value. */
export function explain(value: unknown, schema: Schema, path: Path = []): readonly Problem[] {
  const all = schemaErrors(value, schema);
  if (all.length === 0) return NO_PROBLEMS;
  const errors = all.filter(({ propertyName }) => propertyName === undefined);
  const choices = errors.filter(isChoice);
  const outer = choices.filter(
    (error, index) => !choices.some((other, at) => at !== index && covers(other, error, at > index)),
  );
  const plain = errors.filter(
    (error) => !isChoice(error) && !ofRequirement(error) && !outer.some((choice) => covers(choice, error, true)),
  );
  const problems = [
    ...outer.flatMap((error) => explainChoice(error, [...path, ...pathOf(error, value)])),
    ...withoutMeantKeys(plain).map((error) => explainError(error, [...path, ...pathOf(error, value)])),
  ];
  return onePerValue(problems);
}

/** Planning asks a hundred thousand times. */
const NO_PROBLEMS: readonly Problem[] = [];

/** Whether the error is of a value with several forms (a name or a mapping, one of three sources). */
function isChoice({ keyword, parentSchema }: ErrorObject): boolean {
  return (keyword === 'anyOf' || keyword === 'oneOf') && !isRequirement(parentSchema as Schema);
}

/** Whether the error is of one way to fulfil a requirement; the requirement itself is told instead. */
function ofRequirement({ keyword, schemaPath }: ErrorObject): boolean {
  return keyword === 'required' && /\/(anyOf|oneOf)\/\d+\/required$/.test(schemaPath);
}

/** Whether `inner` is one of the errors that the branches of the choice `outer` gave. */
function covers(outer: ErrorObject, inner: ErrorObject, sameValue: boolean): boolean {
  if (inner.instancePath === outer.instancePath) return sameValue;
  return inner.instancePath.startsWith(`${outer.instancePath}/`);
}

/** Explains a choice by the one form that the value seems to be meant as. */
function explainChoice(error: ErrorObject, path: Path): readonly Problem[] {
  const branches = alternatives(error.parentSchema as Schema);
  const fitting = branches.filter((branch) => acceptsType(branch, error.data));
  const meant = fitting.length === 1 ? fitting[0] : meantBranch(fitting, error.data);
  if (meant !== undefined) {
    const problems = explain(error.data, meant, path);
    if (problems.length > 0) return problems;
  }
  return [badValue(error.data, branches, path)];
}

/** The branch that knows most of a mapping's keys; none when the value is no mapping or no branch knows any. */
function meantBranch(branches: readonly Schema[], value: unknown): Schema | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const keys = Object.keys(value);
  const known = (branch: Schema): number => keys.filter((key) => Object.hasOwn(branch.properties ?? {}, key)).length;
  const [best] = [...branches].sort((a, b) => known(b) - known(a));
  return best !== undefined && known(best) > 0 ? best : undefined;
}

function explainError(error: ErrorObject, path: Path): Problem {
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
      return { code: 'BAD_KEY', path: [...path, key], at: 'key', message, hint: null };
    }
    case 'minProperties':
    case 'maxProperties': {
      const least = error.keyword === 'minProperties';
      const keys = knownKeys(schema, []);
      const message = `${name(path)}: expected ${least ? 'at least' : 'at most'} ${error.params.limit} key${error.params.limit === 1 ? '' : 's'}, found ${found(error.data)}`;
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
      const message = `${name(path)}: expected each value once, found ${found((error.data as unknown[])[later])} twice`;
      return { code: 'BAD_VALUE', path: [...path, later], at: 'value', message, hint: 'Remove one of the two.' };
    }
    case 'format': {
      const message = `${name(path)}: expected a regular expression, found ${found(error.data)}: ${regexProblem(String(error.data))}`;
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
    hint: unknownKeyHint(key, Object.keys(schema.properties ?? {})),
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
  };
}

function requirement(schema: Schema, path: Path): Problem {
  const keys = (schema.anyOf ?? []).map((branch) => `\`${branch.required?.join('` and `')}\``).join(' or ');
  return {
    code: 'MISSING_KEY',
    path,
    at: 'key',
    message: `${name(path)} needs the key ${keys}, found none of them`,
    hint: null,
  };
}

function badValue(value: unknown, branches: readonly Schema[], path: Path): Problem {
  const words = branches.flatMap((branch) => [...(branch.enum ?? []), ...('const' in branch ? [branch.const] : [])]);
  const meant = typeof value === 'string' ? nearest(value, words.map(String)) : null;
  return {
    code: 'BAD_VALUE',
    path,
    at: 'value',
    message: `${name(path)}: expected ${expectation({ anyOf: branches })}, found ${found(value)}`,
    hint: meant === null ? longForm(value, branches) : `Did you mean \`${meant}\`?`,
  };
}

/** For a name where a mapping is expected that has this name as its `type`: how to write it. */
function longForm(value: unknown, branches: readonly Schema[]): string | null {
  const hasType = branches.some(({ properties }) => resolved(properties?.type ?? {}).enum?.includes(value));
  return hasType ? `Write \`{ type: ${value} }\`.` : null;
}

/** A missing key that an unknown one beside it was meant as is told once, at the unknown one. */
function withoutMeantKeys(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const meant = new Set(
    errors
      .filter(({ keyword }) => keyword === 'additionalProperties')
      .map(({ params, parentSchema, instancePath }) => {
        const known = Object.keys((parentSchema as Schema).properties ?? {});
        return `${instancePath} ${nearestKey(String(params.additionalProperty), known)}`;
      }),
  );
  return errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== 'required' || !meant.has(`${instancePath} ${params.missingProperty}`),
  );
}

function onePerValue(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, path, at, message }) => {
    const key = code === 'MISSING_KEY' ? message : `${at} ${pathText(path)}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The keys of ajv's JSON pointer; indices become numbers where the value is a list. */
function pathOf({ instancePath }: ErrorObject, root: unknown): Path {
  let at = root;
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const index = Array.isArray(at) ? Number(key) : key;
      at = (at as { readonly [key: string]: unknown } | null)?.[key];
      return index;
    });
}

function name(path: Path): string {
  return path.length === 0 ? 'the pipeline' : `\`${pathText(path)}\``;
}

function yamlText(example: unknown): string {
  return typeof example === 'string'
    ? example
    : JSON.stringify(example)
        .replaceAll(/"([\w./-]+)"/g, '$1')
        .replaceAll(/([,:])/g, '$1 ');
}
