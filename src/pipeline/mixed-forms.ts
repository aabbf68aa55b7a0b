import type { Path } from './path.js';
import { nameOf, type Problem } from './problem.js';
import type { Schema } from './schema.js';

interface Choice {
  readonly mapping: object;
  readonly meant: Schema;
  readonly forms: readonly Schema[];
  readonly path: Path;
  readonly description: string | undefined;
}

/** For a key that only another form than the one that is meant has: that the two do not go together; else null. */
export function mixedForms(
  { code, path: at }: Problem,
  { mapping, meant, forms, path, description }: Choice,
): Problem | null {
  const key = String(at.at(-1));
  const has = (form: Schema, name: string): boolean => Object.hasOwn(form.properties ?? {}, name);
  if (code !== 'UNKNOWN_KEY' || at.length !== path.length + 1 || !forms.some((form) => has(form, key))) return null;
  const beside = Object.keys(mapping).filter((other) => has(meant, other));
  const together = forms.map(({ properties = {} }) => keyList(Object.keys(properties))).join('; ');
  return {
    code: 'MIXED_FORMS',
    path: at,
    at: 'key',
    message: `${nameOf(path)}: \`${key}\` cannot stand beside ${keyList(beside)}`,
    hint: `${description === undefined ? '' : `${description} `}Keys that go together: ${together}.`,
  };
}

function keyList(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(', ');
}
