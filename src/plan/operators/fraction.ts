/**
 * Fractions 2^(k−p) of the subsets of k factors (Box, Hunter and Hunter, Statistics for Experimenters, ch. 6). Subsets
 * are written as bits: factor i is bit i. The first k − p factors are independent; each other one is there where an odd
 * number of the independent factors of its generator is, so that the base (no factor) always belongs to the design.
 */
export interface FractionalDesign {
  /** k. */
  readonly factors: number;
  /** k − p. */
  readonly independent: number;
  /** For each dependent factor, the independent factors that it is made of. */
  readonly generators: readonly number[];
  /** Every product of generators: the effects that cannot be told from the mean. Without the empty one. */
  readonly words: readonly number[];
  /** The length of the shortest word: III tells single factors from one another, IV also from pairs. */
  readonly resolution: number;
}

/** The least aliased design with 1/`denominator` of the subsets; null when so few cannot tell the factors apart. */
export function fractionalDesign(factors: number, denominator: number): FractionalDesign | null {
  const key = `${factors}/${denominator}`;
  const known = designs.get(key);
  if (known !== undefined) return known;
  const design = findDesign(factors, denominator);
  designs.set(key, design);
  return design;
}

/** The plan, its alias structure and the report each ask for the design, and a large one takes a second to find. */
const designs = new Map<string, FractionalDesign | null>();

function findDesign(factors: number, denominator: number): FractionalDesign | null {
  const dependent = Math.log2(denominator);
  const independent = factors - dependent;
  if (dependent === 0) {
    return { factors, independent, generators: [], words: [], resolution: Number.POSITIVE_INFINITY };
  }
  if (independent < 2) return null;
  const candidates = candidatesOf(independent);
  if (candidates.length < dependent) return null;
  const generators = chooseGenerators({ factors, independent, dependent, candidates });
  const words = wordsOf(generators, independent);
  return { factors, independent, generators, words, resolution: Math.min(...words.map(bitCount)) };
}

/** Whether a factor is there in a row of the design, rows from 0, in Yates' order. */
export function isPresent({ independent, generators }: FractionalDesign, factor: number, row: number): boolean {
  if (factor < independent) return Math.floor(row / 2 ** factor) % 2 === 1;
  return bitCount(generators[factor - independent]! & row) % 2 === 1;
}

/** The sign of a word in levels −1 and +1: the product over its factors is this constant in every row. */
export function wordSign(word: number): 1 | -1 {
  // An even number of its factors is there in every row, so that the absent ones are as many as its length, modulo 2.
  return bitCount(word) % 2 === 0 ? 1 : -1;
}

/** How many factors a subset has. */
export function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** All sets of two or more independent factors, the largest first: longer words alias less. */
function candidatesOf(independent: number): readonly number[] {
  const sets = Array.from({ length: 2 ** Math.min(independent, WIDEST) }, (_, bits) => bits);
  return sets.filter((bits) => bitCount(bits) >= 2).sort((a, b) => bitCount(b) - bitCount(a) || a - b);
}

/** No generator has more factors: a fraction with so many independent ones has more subsets than a sweep may. */
const WIDEST = 16;
/** So many generators are tried, about a second of work; designs of up to eleven factors need fewer. */
const MOST_TRIED = 300_000;

interface Choice {
  readonly factors: number;
  readonly independent: number;
  readonly dependent: number;
  readonly candidates: readonly number[];
}

/** Generators, their words, and how many words there are of each length. */
interface Partial {
  readonly generators: readonly number[];
  readonly words: readonly number[];
  readonly lengths: readonly number[];
}

/**
 * Minimum aberration: the fewest words of length 3, of those the fewest of length 4, and so on. One generator more never
 * makes words fewer, so that a beginning which is no better than the best design leads to none. Independent factors can
 * change places: of all largest generators of one size the first will do.
 */
function chooseGenerators(choice: Choice): readonly number[] {
  const { factors, independent, dependent, candidates } = choice;
  const withGenerator = ({ generators, words, lengths }: Partial, generator: number): Partial => {
    const word = generator + 2 ** (independent + generators.length);
    const added = [word, ...words.map((other) => symmetricDifference(other, word))];
    const counts = [...lengths];
    for (const one of added) counts[bitCount(one)]!++;
    return { generators: [...generators, generator], words: [...words, ...added], lengths: counts };
  };
  const none: Partial = { generators: [], words: [], lengths: new Array<number>(factors + 1).fill(0) };
  let best = greedyChoice(choice, none, withGenerator);
  let isSearched = false;
  let left = MOST_TRIED;
  const search = (partial: Partial, from: number): void => {
    const missing = dependent - partial.generators.length;
    for (let n = from; n <= candidates.length - missing && left > 0; n++) {
      const isRepeated = n > 0 && bitCount(candidates[n]!) === bitCount(candidates[n - 1]!);
      if (partial.generators.length === 0 && isRepeated) continue;
      left--;
      const next = withGenerator(partial, candidates[n]!);
      const order = compare(next.lengths, best.lengths);
      if (missing > 1) {
        if (order < 0) search(next, n + 1);
      } else if (order < 0 || (order === 0 && !isSearched)) {
        best = next;
        isSearched = true;
      }
    }
  };
  search(none, 0);
  return best.generators;
}

/** Each generator the best one beside those before it. */
function greedyChoice(
  { dependent, candidates }: Choice,
  none: Partial,
  withGenerator: (partial: Partial, generator: number) => Partial,
): Partial {
  let chosen = none;
  for (let n = 0; n < dependent; n++) {
    chosen = candidates
      .filter((bits) => !chosen.generators.includes(bits))
      .map((bits) => withGenerator(chosen, bits))
      .reduce((a, b) => (compare(b.lengths, a.lengths) < 0 ? b : a));
  }
  return chosen;
}

/** Generator g of factor d is the word g·d; all products of them. */
function wordsOf(generators: readonly number[], independent: number): readonly number[] {
  let words: readonly number[] = [0];
  generators.forEach((generator, n) => {
    const word = generator + 2 ** (independent + n);
    words = [...words, ...words.map((other) => symmetricDifference(other, word))];
  });
  return words.slice(1);
}

/** Factors that occur twice in a product cancel. Bits beyond 32 are kept. */
export function symmetricDifference(a: number, b: number): number {
  const high = Math.floor(a / 2 ** 31) ^ Math.floor(b / 2 ** 31);
  return high * 2 ** 31 + ((a % 2 ** 31) ^ (b % 2 ** 31));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
