import { SENTENCES } from './labels/sentences.js';
import { WORDS } from './labels/words.js';
import type { Language } from './load/report-settings.js';

const TABLE = { ...WORDS, ...SENTENCES };

type LabelKey = keyof typeof TABLE;

export interface Labels {
  /** The label in the report's language, values filled in. */
  (key: LabelKey, values?: { readonly [name: string]: string | number }): string;
  readonly language: Language;
  /** What stands between the items of a list. */
  readonly comma: string;
  /** The name of a figure such as `accuracy`; a figure that has none keeps its key. */
  named(figure: string): string;
}

/** The labels of one language. */
export function labelsOf(language: Language): Labels {
  const column = language === 'zh' ? 1 : 0;
  const label = (key: LabelKey, values: { readonly [name: string]: string | number } = {}): string =>
    fill(TABLE[key][column], values);
  return Object.assign(label, {
    language,
    comma: language === 'zh' ? '、' : ', ',
    named: (figure: string) => (Object.hasOwn(TABLE, figure) ? label(figure as LabelKey) : figure.replaceAll('_', ' ')),
  });
}

function fill(template: string, values: { readonly [name: string]: string | number }): string {
  return template.replace(/\{(\w+)(?::(\w+)\|(\w+))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values[name] ?? '';
    if (one === undefined) return String(value);
    return `${value} ${value === 1 ? one : many}`;
  });
}
