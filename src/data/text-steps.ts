import type { DataConfig } from '../plan/trial-config.js';
import { compilePattern } from './tokenizer.js';

/**
 * What `data.text` does to a text, in this order: replacements, lower case, lines. With `lines` the text is treated
 * line by line, as d2l does: a replacement never sees the line breaks, and the lines are joined again at the end.
 */
export function createTextSteps(config: DataConfig['text']): (text: string) => string {
  const replacements = config.replace.map(({ pattern, with: replacement, ignore_case }, i) => ({
    pattern: compilePattern(pattern, ignore_case ? 'giu' : 'gu', `data.text.replace[${i}].pattern`),
    replacement,
  }));
  const clean = (text: string): string => {
    let result = text;
    for (const { pattern, replacement } of replacements) result = result.replace(pattern, replacement);
    return config.lowercase ? result.toLowerCase() : result;
  };
  const { lines } = config;
  if (lines === null) return clean;
  return (text) =>
    text
      .split(LINE_BREAK)
      .map((line) => (lines.strip ? clean(line).trim() : clean(line)))
      .join(lines.join);
}

const LINE_BREAK = /\r\n|\n|\r/;

/** Bytes as text; what is not valid becomes the replacement character, and a byte-order mark goes. */
export function decodeText(bytes: Buffer, encoding: DataConfig['encoding']): string {
  if (encoding === 'latin1') return bytes.toString('latin1');
  const start = bytes.length > 2 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return bytes.toString('utf8', start);
}
