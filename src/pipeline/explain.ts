import type { ErrorObject } from 'ajv';
import { acceptsType } from './describe.js';
import { nearestKey } from './key-hints.js';
import { mixedForms } from './mixed-forms.js';
import { type Path, pathText } from './path.js';
import { badValue, type Problem, problemOf } from './problem.js';
import { alternatives, isRequirement, type Schema } from './schema.js';
import { schemaErrors } from './schema-errors.js';

/** Everything that `schema` refuses in `value`, which stands at `path`: one problem per value. */
export function explain(value: unknown, schema: Schema, path: Path = []): readonly Problem[] {
  const all = schemaErrors(value, schema);
  if (all.length === 0) return NO_PROBLEMS;
  const errors = all.filter((error) => !isOfKey(error, value));
  const choices = errors.filter(isChoice);
  const outer = choices.filter(
    (error, index) => !choices.some((other, at) => at !== index && covers(other, error, at > index)),
  );
  const plain = errors.filter(
    (error) => !isChoice(error) && !ofRequirement(error) && !outer.some((choice) => covers(choice, error, true)),
  );
  const problems = [
    ...outer.flatMap((error) => explainChoice(error, [...path, ...pathOf(error, value)])),
    ...withoutMeantKeys(plain).map((error) => problemOf(error, [...path, ...pathOf(error, value)])),
  ];
  return onePerValue(problems);
}

/** Planning asks a hundred thousand times. */
const NO_PROBLEMS: readonly Problem[] = [];

/** Whether the error is of a mapping's key, which the error of its mapping tells; ajv names the key only in that schema itself. */
function isOfKey({ propertyName, data, instancePath }: ErrorObject, root: unknown): boolean {
  if (propertyName !== undefined) return true;
  return typeof data === 'string' && typeof valueAt(root, instancePath) === 'object';
}

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
    const forms = fitting.filter(({ properties }) => properties !== undefined);
    const { description } = error.parentSchema as Schema;
    const problems = explain(error.data, meant, path).map(
      (problem) => mixedForms(problem, { mapping: error.data as object, meant, forms, path, description }) ?? problem,
    );
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
  return keysOf(instancePath).map((key) => {
    const index = Array.isArray(at) ? Number(key) : key;
    at = (at as { readonly [key: string]: unknown } | null)?.[key];
    return index;
  });
}

function valueAt(root: unknown, instancePath: string): unknown {
  return keysOf(instancePath).reduce((at, key) => (at as { readonly [key: string]: unknown } | null)?.[key], root);
}

function keysOf(instancePath: string): readonly string[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
