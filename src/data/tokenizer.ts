import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { TokenStore } from './token-store.js';

/** Cuts a text into tokens and appends them to the store. */
export type Tokenizer = (text: string) => void;

/** The tokeniser of `data.tokens`: words by a pattern, words by a language's rules, or characters (code points). */
export function createTokenizer(config: DataConfig['tokens'], store: TokenStore): Tokenizer {
  if (config.type === 'characters') return characterTokenizer(store);
  if (config.language !== null) return languageTokenizer(config.language, store);
  return patternTokenizer(config.pattern, store);
}

function characterTokenizer({ addCodePoint }: TokenStore): Tokenizer {
  return (text) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i)!;
      if (code > 0xffff) i++;
      addCodePoint(code);
    }
  };
}

function patternTokenizer(pattern: string, { add }: TokenStore): Tokenizer {
  const words = compilePattern(pattern, 'gu', 'data.tokens.pattern');
  const asciiWords = pattern === DEFAULT_PATTERN ? /[A-Za-z0-9']+/g : null;
  return (text) => {
    for (const piece of paragraphs(text)) {
      // The default pattern says the same of ASCII without Unicode's tables, several times faster.
      const found = piece.match(asciiWords !== null && ASCII.test(piece) ? asciiWords : words);
      if (found === null) continue;
      for (let i = 0; i < found.length; i++) if (found[i] !== '') add(found[i]!);
    }
  };
}

const DEFAULT_PATTERN = "[\\p{L}\\p{N}']+";
const ASCII = /^[\x00-\x7f]*$/;

/** A book in pieces that end with a line, so that its words need not all be held at once. */
function* paragraphs(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > PARAGRAPH) {
    const newline = text.indexOf('\n', start + PARAGRAPH);
    if (newline < 0) break;
    yield text.slice(start, newline + 1);
    start = newline + 1;
  }
  yield start === 0 ? text : text.slice(start);
}

const PARAGRAPH = 1 << 20;

/**
 * Intl.Segmenter's time grows faster than its input (Node 20: 25 s for 213 kB at once), so it is fed pieces of at most
 * 1,024 code units that end with white space or punctuation. Where there is none, the last word of a piece may go on:
 * it is left to the next piece.
 */
function languageTokenizer(language: string, { add }: TokenStore): Tokenizer {
  const segmenter = createSegmenter(language);
  return (text) => {
    let start = 0;
    while (start < text.length) {
      const end = pieceEnd(text, start);
      const segments = [...segmenter.segment(text.slice(start, end))];
      const goesOn = end < text.length && !BREAK.test(text[end - 1]!) && segments.length > 1;
      const last = goesOn ? segments.pop()! : null;
      for (const { segment, isWordLike } of segments) if (isWordLike === true) add(segment);
      start = last === null ? end : start + last.index;
    }
  };
}

function createSegmenter(language: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language, { granularity: 'word' });
  } catch (cause) {
    throw new DataError(`\`data.tokens.language\`: "${language}" is not a language tag.`, {
      code: 'DATA_FORMAT',
      hint: 'Give a BCP 47 tag, such as zh or ja.',
      cause,
    });
  }
}

function pieceEnd(text: string, start: number): number {
  const longest = start + PIECE_MAX;
  if (longest >= text.length) return text.length;
  for (let end = longest; end > start + PIECE_MIN; end--) if (BREAK.test(text[end - 1]!)) return end;
  return isHighSurrogate(text.charCodeAt(longest - 1)) ? longest - 1 : longest;
}

const PIECE_MIN = 64;
const PIECE_MAX = 1024;
const BREAK = /[\s。！？；，、：!?;]/u;

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** A pattern of the pipeline as a regular expression; a DataError names its key when it is not one. */
export function compilePattern(pattern: string, flags: string, setting: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (cause) {
    throw new DataError(`\`${setting}\` is not a regular expression: ${(cause as Error).message}`, {
      code: 'DATA_FORMAT',
      cause,
    });
  }
}
