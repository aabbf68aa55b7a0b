/**
 * Reads one JSON object of a run folder without trusting it. What is absent or of another type is noted once and becomes
 * null, NaN or empty, so that a file that was edited by hand still gives what it has.
 */
export interface Fields {
  /** The value as it is; undefined when absent. */
  value(key: string): unknown;
  text(key: string): string;
  optionalText(key: string): string | null;
  /** NaN when it is null (JSON's only way to write NaN), absent or no number. */
  number(key: string): number;
  /** Null when absent. */
  optionalNumber(key: string): number | null;
  flag(key: string): boolean;
  /** Null when absent, null or no object. */
  object(key: string): Fields | null;
  list(key: string): readonly unknown[];
  keys(): readonly string[];
}

export type Note = (message: string) => void;

/** Fields of `value`, which stands at `where` (`timing.total_seconds`), or null when it is no object. */
export function fieldsOf(value: unknown, where: string, note: Note): Fields | null {
  if (!isObject(value)) {
    note(`expected an object${where === '' ? '' : ` at ${where}`}, found ${kind(value)}`);
    return null;
  }
  const at = (key: string): string => (where === '' ? key : `${where}.${key}`);
  const wrong = (key: string, expected: string): void => {
    note(`expected ${expected} at ${at(key)}, found ${kind(value[key])}`);
  };
  return {
    value: (key) => value[key],
    text(key) {
      const found = value[key];
      if (typeof found === 'string') return found;
      wrong(key, 'a text');
      return '';
    },
    optionalText(key) {
      const found = value[key];
      if (typeof found === 'string') return found;
      if (found !== undefined && found !== null) wrong(key, 'a text');
      return null;
    },
    number(key) {
      const found = value[key];
      if (typeof found === 'number') return found;
      if (found !== null) wrong(key, 'a number');
      return Number.NaN;
    },
    optionalNumber(key) {
      return value[key] === undefined ? null : this.number(key);
    },
    flag(key) {
      if (typeof value[key] !== 'boolean') wrong(key, 'true or false');
      return value[key] === true;
    },
    object(key) {
      return value[key] === undefined || value[key] === null ? null : fieldsOf(value[key], at(key), note);
    },
    list(key) {
      const found = value[key];
      if (Array.isArray(found)) return found;
      wrong(key, 'a list');
      return [];
    },
    keys: () => Object.keys(value),
  };
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
