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

/** Generators of more than ten factors give a resolution that no ablation needs. */
const WIDEST = 10;
/** So many designs are compared; of more only those that a greedy choice reaches. */
const MOST_COMPARED = 20_000;

interface Choice {
  readonly factors: number;
  readonly independent: number;
  readonly dependent: number;
  readonly candidates: readonly number[];
}

/** Minimum aberration: the fewest words of length 3, of those the fewest of length 4, and so on. */
function chooseGenerators(choice: Choice): readonly number[] {
  const { factors, independent, dependent, candidates } = choice;
  const pattern = (generators: readonly number[]): readonly number[] => {
    const lengths = new Array<number>(factors + 1).fill(0);
    for (const word of wordsOf(generators, independent)) lengths[bitCount(word)]!++;
    return lengths;
  };
  const best = (options: readonly (readonly number[])[]): readonly number[] =>
    options
      .map((generators) => ({ generators, lengths: pattern(generators) }))
      .reduce((a, b) => (compare(b.lengths, a.lengths) < 0 ? b : a)).generators;
  if (combinations(candidates.length, dependent) <= MOST_COMPARED) return best(choose(candidates, dependent));
  let chosen: readonly number[] = [];
  for (let n = 0; n < dependent; n++) {
    chosen = best(candidates.filter((bits) => !chosen.includes(bits)).map((bits) => [...chosen, bits]));
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

function choose(items: readonly number[], n: number): readonly (readonly number[])[] {
  if (n === 0) return [[]];
  return items.flatMap((item, index) => choose(items.slice(index + 1), n - 1).map((rest) => [item, ...rest]));
}

function combinations(n: number, k: number): number {
  let count = 1;
  for (let i = 0; i < k; i++) count = (count * (n - i)) / (i + 1);
  return count;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}
