import { alternatives, type Schema } from './schema.js';

/** What a schema expects, in words: `a whole number from 1`, `one of rnn, gru, lstm`. */
export function expectation(schema: Schema): string {
  const words = [...new Set(alternatives(schema).map(branchExpectation))];
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value as a diagnostic names it: `lst`, a number, "a list". */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${count(value.length, 'value')}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty mapping' : `a mapping with ${list(keys)}`;
  }
  if (typeof value !== 'string') return String(value);
  const text = `\`${value.length > 60 ? `${value.slice(0, 57)}…` : value}\``;
  // Text that YAML would read as something else without its quotes is named as text: hidden: "64".
  return /^\s*$|^[-+.\d]|^(true|false|null|~)$/i.test(value) ? `the text ${text}` : text;
}

/** The name of a value's type in JSON Schema; whole numbers are `integer`. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** The types that a branch accepts, by its `type`, `enum` or `const`. */
function typesOf(branch: Schema): readonly string[] {
  if (branch.type !== undefined) return typeof branch.type === 'string' ? [branch.type] : branch.type;
  return [...new Set((branch.enum ?? ('const' in branch ? [branch.const] : [])).map(typeOf))];
}

/** Whether a branch accepts values of this value's type. */
export function acceptsType(branch: Schema, value: unknown): boolean {
  const types = typesOf(branch);
  const type = typeOf(value);
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

function branchExpectation(branch: Schema): string {
  if ('const' in branch) return `\`${String(branch.const)}\``;
  if (branch.enum !== undefined)
    return branch.enum.length === 1 ? `\`${branch.enum[0]}\`` : `one of ${list(branch.enum.map(String))}`;
  return typesOf(branch)
    .map((type) => typeExpectation(type, branch))
    .join(' or ');
}

function typeExpectation(type: string, branch: Schema): string {
  switch (type) {
    case 'integer':
      return `a whole number${bounds(branch)}`;
    case 'number':
      return `a number${bounds(branch)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return branch.minItems !== undefined && branch.minItems === branch.maxItems
        ? `a list of ${count(branch.minItems, 'value')}`
        : `a list${branch.minItems === undefined ? '' : ` of at least ${count(branch.minItems, 'value')}`}`;
    case 'object':
      return `a mapping${branch.required === undefined ? '' : ` with ${list(branch.required)}`}`;
    case 'string':
      return stringExpectation(branch);
    default:
      return 'nothing';
  }
}

function stringExpectation({ format, pattern, examples, minLength }: Schema): string {
  if (format === 'regex') return 'a regular expression';
  if (pattern !== undefined && examples?.[0] !== undefined) return `text such as \`${examples[0]}\``;
  return minLength === undefined ? 'text' : 'text that is not empty';
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const lower =
    minimum !== undefined ? `from ${minimum}` : exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : '';
  const upper = maximum !== undefined ? `${lower === '' ? 'up ' : ''}to ${maximum}` : '';
  const below =
    exclusiveMaximum !== undefined
      ? `${lower === '' ? '' : minimum === undefined ? 'and ' : 'to '}below ${exclusiveMaximum}`
      : '';
  const words = [lower, upper, below].filter((part) => part !== '').join(' ');
  return words === '' ? '' : ` ${words}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
