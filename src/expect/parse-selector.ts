import type { SettingValue } from '../plan/plan.js';
import type { ClaimMistake } from './claim.js';
import type { WantedArm } from './match-arm.js';

export type ParsedSelector =
  | { readonly arm: WantedArm; readonly mistake: null }
  | { readonly arm: null; readonly mistake: ClaimMistake };

/** Reads what stands between the brackets: settings (`model.cell=lstm, train.epochs=5`), or a variant's name, which may be quoted. */
export function parseSelector(text: string): ParsedSelector {
  const whole = text.trim();
  if (whole === '') return mistake(text, 0, 'expected settings or a variant’s name in the brackets, found nothing');
  const quoted = unquoted(whole);
  if (quoted !== null) return { arm: quoted, mistake: null };
  if (!/=/.test(withoutQuotes(whole))) return { arm: whole, mistake: null };
  const settings: { [path: string]: SettingValue } = {};
  let at = 0;
  for (const part of parts(text)) {
    const [, path = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    if (!/^[a-z_]+(\.[\w-]+)*$/i.test(path) || value === '') {
      return mistake(part, at, `expected a setting such as \`model.cell=lstm\`, found \`${part.trim()}\``);
    }
    if (Object.hasOwn(settings, path)) return mistake(part, at, `\`${path}\` stands twice in the brackets`);
    settings[path] = parsedValue(value);
    at += part.length + 1;
  }
  return { arm: settings, mistake: null };
}

function mistake(part: string, at: number, message: string): ParsedSelector {
  const lead = part.length - part.trimStart().length;
  const start = at + lead;
  const end = start + Math.max(1, part.trim().length);
  return { arm: null, mistake: { start, end, message, hint: 'Put a name that holds `=` or `,` in quotes.' } };
}

/** Split at commas that stand in no quotes and no brackets. */
function parts(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let quote: string | null = null;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== null) {
      if (character === quote) quote = null;
    } else if (character === '"' || character === "'") quote = character;
    else if ('[{'.includes(character)) depth++;
    else if (']}'.includes(character)) depth--;
    else if (character === ',' && depth === 0) {
      found.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...found, text.slice(start)];
}

/** A JSON value, or else the word itself. */
function parsedValue(text: string): SettingValue {
  const quoted = unquoted(text);
  if (quoted !== null) return quoted;
  try {
    return JSON.parse(text) as SettingValue;
  } catch {
    return text;
  }
}

function unquoted(text: string): string | null {
  const found = /^(["'])((?:(?!\1).)*)\1$/s.exec(text);
  return found === null ? null : found[2]!;
}

function withoutQuotes(text: string): string {
  return text.replace(/"[^"]*"|'[^']*'/g, '');
}
