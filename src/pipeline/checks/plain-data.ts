export type Mapping = { readonly [key: string]: unknown };

/** The value if it is a mapping, else an empty one: what is no mapping was refused by the schema. */
export function mapping(value: unknown): Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Mapping) : {};
}

/** The value if it is a list, else an empty one. */
export function members(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
