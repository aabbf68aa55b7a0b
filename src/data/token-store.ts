import { IntList } from './int-list.js';

/**
 * Texts as numbers before there is a vocabulary: every distinct token has a number in order of arrival, and `ids`
 * holds all texts' tokens one after another.
 */
export interface TokenStore {
  readonly ids: IntList;
  /** Token of each number. */
  readonly tokens: string[];
  /** Appends a token. */
  readonly add: (token: string) => void;
  /** Appends the token of one code point. */
  readonly addCodePoint: (code: number) => void;
}

export function createTokenStore(): TokenStore {
  const ids = new IntList();
  const tokens: string[] = [];
  const numbers = new Map<string, number>();
  let numberOfCodePoint: Int32Array | null = null;
  const numberOf = (token: string): number => {
    const known = numbers.get(token);
    if (known !== undefined) return known;
    const kept = ownCopy(token);
    numbers.set(kept, tokens.length);
    return tokens.push(kept) - 1;
  };
  return {
    ids,
    tokens,
    add: (token) => ids.push(numberOf(token)),
    addCodePoint: (code) => {
      numberOfCodePoint ??= new Int32Array(CODE_POINTS).fill(-1);
      let number = numberOfCodePoint[code]!;
      if (number < 0) {
        number = numberOf(String.fromCodePoint(code));
        numberOfCodePoint[code] = number;
      }
      ids.push(number);
    },
  };
}

const CODE_POINTS = 0x110000;

/** V8 keeps a long substring as a view of its parent: without a copy, one rare word would hold a whole review. */
function ownCopy(token: string): string {
  return token.length < SHORTEST_VIEW ? token : Buffer.from(token, 'utf16le').toString('utf16le');
}

const SHORTEST_VIEW = 13;
