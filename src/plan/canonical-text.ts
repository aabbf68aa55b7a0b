/** Keys that are left out of a canonical text: whole, or some of what is in them. */
export type LeftOut = ReadonlyMap<string, LeftOut | true>;

/**
 * JSON with sorted keys and no white space (RFC 8785, for plain data of finite numbers), without the keys that are left
 * out and the undefined ones. It is written for plans of a hundred thousand configurations, hence by hand.
 */
export function canonicalText(value: unknown, leftOut?: LeftOut): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item)).join()}]`;
  const members: string[] = [];
  for (const key of sortedKeys(value)) {
    const member = (value as Mapping)[key];
    const out = leftOut?.get(key);
    if (out !== true && member !== undefined) members.push(keyText(key) + canonicalText(member, out));
  }
  // Joined, not added up piece by piece: an engine keeps every piece of such a text.
  return `{${members.join()}}`;
}

/**
 * A `canonicalText` for mappings that differ little from one to the next, as the sections of a sweep's configurations
 * do: a member that is the same value, or the same object, as in the mapping before is not written again, and of a
 * mapping within only what differs.
 */
export function canonicalWriter(leftOut?: LeftOut): (mapping: Mapping) => string {
  let shape: readonly string[] = [];
  let members: WrittenMember[] = [];
  let texts: string[] = [];
  return (mapping) => {
    if (!hasShape(mapping, shape)) {
      shape = Object.keys(mapping);
      members = sortedKeys(mapping)
        .filter((key) => leftOut?.get(key) !== true)
        .map((key) => ({ key, leftOut: leftOut?.get(key) as LeftOut | undefined, member: UNWRITTEN, write: null }));
      texts = members.map(() => '');
    }
    for (let n = 0; n < members.length; n++) {
      const written = members[n]!;
      const member = mapping[written.key];
      if (member === written.member) continue;
      if (member === undefined) return canonicalText(mapping, leftOut);
      written.member = member;
      texts[n] = keyText(written.key) + memberText(written, member);
    }
    return `{${texts.join()}}`;
  };
}

/** A member as it was last written. */
interface WrittenMember {
  readonly key: string;
  readonly leftOut: LeftOut | undefined;
  member: unknown;
  write: ReturnType<typeof canonicalWriter> | null;
}

const UNWRITTEN = Symbol('unwritten');

function memberText(written: WrittenMember, member: unknown): string {
  if (typeof member === 'number') return Number.isFinite(member) ? String(member) : 'null';
  if (member === null || typeof member !== 'object' || Array.isArray(member)) {
    return canonicalText(member, written.leftOut);
  }
  written.write ??= canonicalWriter(written.leftOut);
  return written.write(member as Mapping);
}

interface Mapping {
  readonly [key: string]: unknown;
}

/** Whether the mapping has just these keys, in this order. */
function hasShape(mapping: Mapping, keys: readonly string[]): boolean {
  let n = 0;
  for (const key in mapping) if (key !== keys[n++]) return false;
  return n === keys.length;
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
