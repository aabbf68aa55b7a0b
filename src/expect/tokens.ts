import type { ClaimSpan } from './claim.js';

export interface Token extends ClaimSpan {
  readonly kind: 'name' | 'number' | 'operator' | 'selector' | 'bang' | 'unknown' | 'end';
  readonly text: string;
}

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?%?(?![\w.])/iy],
  ['name', /[A-Za-z_][\w.-]*/y],
  ['operator', />=|<=|≥|≤|~=|≈|==|!=|>|<|=/y],
  ['bang', /!/y],
];

/** The tokens of a claim, the last of kind `end`. A selector is one token, its brackets included; quotes may hold `]`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = /\s*/y;
    space.lastIndex = at;
    at += space.exec(text)![0].length;
    if (at >= text.length) break;
    const end = text[at] === '[' ? selectorEnd(text, at) : null;
    const token =
      end === null ? matched(text, at) : { kind: 'selector' as const, start: at, end, text: text.slice(at, end) };
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', start: text.length, end: text.length, text: '' }];
}

function matched(text: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { kind, start: at, end: at + found[0].length, text: found[0] };
  }
  const character = String.fromCodePoint(text.codePointAt(at)!);
  return { kind: 'unknown', start: at, end: at + character.length, text: character };
}

/** After the `]` that closes the `[` at `at`, or the end of the text where none does. */
function selectorEnd(text: string, at: number): number {
  let depth = 0;
  let quote: string | null = null;
  for (let i = at; i < text.length; i++) {
    const character = text[i]!;
    if (quote !== null) {
      if (character === quote) quote = null;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[') depth++;
    else if (character === ']' && --depth === 0) return i + 1;
  }
  return text.length;
}
