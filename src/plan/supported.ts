import { getSetting } from '../pipeline/settings.js';

/**
 * What the schema allows but no code runs yet. This is the one list: remove a line when its code is there.
 * Without `values` the key itself is not supported; with them, only these values.
 */
const NOT_YET: readonly NotYet[] = [
  { path: 'engine', values: ['webgpu'] },
  { path: 'engine.name', values: ['webgpu'] },
];

/** Operators of a sweep, and of its parts, that are not there yet. */
const NOT_YET_OPERATORS: readonly string[] = [];

interface NotYet {
  readonly path: string;
  readonly values?: readonly unknown[];
}

/** Something that the schema allows and no code runs. */
export interface Unsupported {
  readonly path: readonly (string | number)[];
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** What of a pipeline cannot be run yet. */
export function unsupported(pipeline: unknown): readonly Unsupported[] {
  return [...unsupportedOf(NOT_YET, pipeline), ...unsupportedOperators(getSetting(pipeline, ['sweep']), ['sweep'])];
}

/** What of one top-level section cannot be run yet. */
export function unsupportedSection(name: string, written: unknown): readonly Unsupported[] {
  const list = NOT_YET_BY_SECTION.get(name);
  return list === undefined ? NONE : unsupportedOf(list, { [name]: written });
}

const NONE: readonly Unsupported[] = [];

/** Asked of every section of every arm. */
const NOT_YET_BY_SECTION = new Map<string, NotYet[]>();
for (const entry of NOT_YET) {
  const section = entry.path.split('.')[0]!;
  NOT_YET_BY_SECTION.set(section, [...(NOT_YET_BY_SECTION.get(section) ?? []), entry]);
}

function unsupportedOf(list: readonly NotYet[], pipeline: unknown): readonly Unsupported[] {
  return [
    ...list.flatMap(({ path, values }) => {
      const keys = path.split('.');
      const value = writtenAt(pipeline, keys);
      if (value === undefined || (values !== undefined && !values.includes(value))) return [];
      const what = values === undefined ? `\`${path}\`` : `\`${path}: ${String(value)}\``;
      return [
        {
          path: keys,
          at: values === undefined ? ('key' as const) : ('value' as const),
          message: `not supported yet: ${what}`,
        },
      ];
    }),
  ];
}

function unsupportedOperators(node: unknown, path: readonly (string | number)[]): readonly Unsupported[] {
  if (node === null || typeof node !== 'object') return [];
  const { union } = node as { readonly union?: readonly unknown[] };
  return [
    ...Object.keys(node)
      .filter((key) => NOT_YET_OPERATORS.includes(key))
      .map((key) => ({
        path: [...path, key],
        at: 'key' as const,
        message: `not supported yet: \`${[...path, key].join('.')}\``,
      })),
    ...(union ?? []).flatMap((part, index) => unsupportedOperators(part, [...path, 'union', index])),
  ];
}

/** The value exactly as written: a short form is not looked into. */
function writtenAt(data: unknown, keys: readonly string[]): unknown {
  let at = data;
  for (const key of keys) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as { readonly [key: string]: unknown })[key];
  }
  return at;
}
