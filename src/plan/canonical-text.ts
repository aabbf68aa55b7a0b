/** Keys that are left out of a canonical text: whole, or some of what is in them. */
export type LeftOut = ReadonlyMap<string, LeftOut | true>;

/**
 * JSON with sorted keys and no white space (RFC 8785, for plain data of finite numbers), without the keys that are left
 * out and the undefined ones. It is written for plans of a hundred thousand configurations, hence by hand; `textOf` may
 * know the texts of the mappings and lists in a mapping.
 */
export function canonicalText(
  value: unknown,
  leftOut?: LeftOut,
  textOf: (part: object, leftOut: LeftOut | undefined) => string = canonicalText,
): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item)).join()}]`;
  const members: string[] = [];
  for (const key of sortedKeys(value)) {
    const out = leftOut?.get(key);
    const member = (value as { readonly [key: string]: unknown })[key];
    if (out === true || member === undefined) continue;
    members.push(keyText(key) + (isObject(member) ? textOf(member, out) : JSON.stringify(member)));
  }
  // Joined, not added up piece by piece: an engine keeps every piece of such a text.
  return `{${members.join()}}`;
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

/** In the order of their UTF-16 code units. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let n = 1; n < keys.length; n++) if (keys[n]! < keys[n - 1]!) return keys.sort();
  return keys;
}

const keyTexts = new Map<string, string>();

function keyText(key: string): string {
  let text = keyTexts.get(key);
  if (text === undefined) {
    text = `${JSON.stringify(key)}:`;
    if (keyTexts.size < 1000) keyTexts.set(key, text);
  }
  return text;
}
