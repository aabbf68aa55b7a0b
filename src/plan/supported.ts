import { getSetting } from '../pipeline/settings.js';

/**
 * What the schema allows but no code runs yet. This is the one list: remove a line when its code is there.
 * Without `values` the key itself is not supported; with them, only these values.
 */
const NOT_YET: readonly NotYet[] = [
  { path: 'extends' },
  { path: 'include' },
  { path: 'engine', values: ['tensorflow', 'webgpu'] },
  { path: 'engine.name', values: ['tensorflow', 'webgpu'] },
  { path: 'executor', values: ['slurm'] },
  { path: 'executor.slurm' },
  { path: 'report.template' },
  { path: 'report.tables' },
  { path: 'report.baseline' },
  { path: 'expect' },
];

/** Operators of a sweep, and of its parts, that are not there yet. */
const NOT_YET_OPERATORS: readonly string[] = ['random', 'ablate', 'when'];

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

/** What of a pipeline (or of one of its arms) cannot be run yet. */
export function unsupported(pipeline: unknown): readonly Unsupported[] {
  return [
    ...NOT_YET.flatMap(({ path, values }) => {
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
    ...unsupportedOperators(getSetting(pipeline, ['sweep']), ['sweep']),
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
