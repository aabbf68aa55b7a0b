import { naturalLog } from './natural-log.js';
import { philox4x32 } from './philox.js';

/**
 * A named stream of random numbers. Its Philox key is (seed, hash of the purpose); `index` tells uses of one purpose
 * apart (the epoch of an order, the step of a dropout mask). Word n of a stream is word n mod 4 of the block with
 * counter (n div 4, n div 2^34, index, 0), so any position can be computed directly, by any engine.
 */
export interface StreamKey {
  readonly seed: number;
  readonly purpose: string;
  readonly index?: number;
}

export interface RandomStream {
  /** An integer from 0 to 2^32 − 1. */
  word(): number;
  /** Uniform in [0, 1), a multiple of 2^-24 (exact in float32): the word's upper 24 bits. */
  uniform(): number;
  /** An integer from 0 to n − 1, without bias (Lemire's rejection is not needed below 2^21; 53 bits are used). */
  below(n: number): number;
  /** Standard normal: the inverse of the distribution function (Wichura 1988, AS 241) at a 53-bit uniform. */
  normal(): number;
}

/** The two words of a stream's Philox key. */
export function streamKey(seed: number, purpose: string): readonly [number, number] {
  return [seed | 0, fnv1a(purpose)];
}

export function randomStream({ seed, purpose, index = 0 }: StreamKey): RandomStream {
  const key = streamKey(seed, purpose);
  const block = new Uint32Array(4);
  let position = 0;
  const word = (): number => {
    const lane = position % 4;
    if (lane === 0) {
      const n = Math.floor(position / 4);
      philox4x32([n | 0, Math.floor(n / 0x100000000), index | 0, 0], key, block);
    }
    position++;
    return block[lane]!;
  };
  // 53 bits from two words, never 0 or 1.
  const open = (): number => ((word() >>> 5) * 0x4000000 + (word() >>> 6) + 0.5) / 0x20000000000000;
  return {
    word,
    uniform: () => (word() >>> 8) / 0x1000000,
    below: (n) => Math.min(n - 1, Math.floor(open() * n)),
    normal: () => inverseNormal(open()),
  };
}

/** Shuffles `items` in place (Fisher and Yates, from the end). */
export function shuffle(items: { length: number; [index: number]: number }, stream: RandomStream): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const kept = items[i]!;
    items[i] = items[j]!;
    items[j] = kept;
  }
}

/** FNV-1a over the UTF-8 bytes, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

/** The quantile function of the standard normal, to about 16 digits: Wichura, Applied Statistics 37 (1988), AS 241. */
function inverseNormal(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, CENTRE_NUMERATOR)) / polynomial(r, CENTRE_DENOMINATOR);
  }
  const r = Math.sqrt(-naturalLog(q < 0 ? p : 1 - p));
  const x =
    r <= 5
      ? polynomial(r - 1.6, MIDDLE_NUMERATOR) / polynomial(r - 1.6, MIDDLE_DENOMINATOR)
      : polynomial(r - 5, TAIL_NUMERATOR) / polynomial(r - 5, TAIL_DENOMINATOR);
  return q < 0 ? -x : x;
}

/** Horner's rule; coefficients from the constant up. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const CENTRE_NUMERATOR = [
  3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
  67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
];
const CENTRE_DENOMINATOR = [
  1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
  28729.085735721942674, 5226.495278852545925,
];
const MIDDLE_NUMERATOR = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258,
  0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
];
const MIDDLE_DENOMINATOR = [
  1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
  0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const TAIL_NUMERATOR = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093,
  0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const TAIL_DENOMINATOR = [
  1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];
