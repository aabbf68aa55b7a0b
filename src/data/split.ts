import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { randomStream, shuffle } from '../random/stream.js';
import { PART_NAMES, type PartName } from './raw-part.js';

type SplitConfig = NonNullable<DataConfig['split']>;

/** How many of `available` each split takes; null where a split is not asked for. */
export type SplitSizes = { readonly [part in PartName]: number | null };

/**
 * Turns numbers and fractions into sizes. A fraction is rounded down, and when fractions alone make up the whole,
 * what rounding left goes to train, validation and test in turn, one each (as PyTorch's random_split). The training
 * split takes all that the others leave unless it has a size. A DataError says which amount does not fit.
 */
export function splitSizes(split: SplitConfig | null, available: number, unit: 'examples' | 'tokens'): SplitSizes {
  if (split === null) return { train: available, validation: null, test: null };
  const sizes: { [part in PartName]: number | null } = { train: null, validation: null, test: null };
  for (const part of PART_NAMES) {
    const amount = split[part];
    if (amount !== null) sizes[part] = amount < 1 ? Math.floor(amount * available + ROUNDING) : amount;
  }
  const amounts = PART_NAMES.filter((part) => split[part] !== null);
  const whole = amounts.reduce((sum, part) => sum + split[part]!, 0);
  if (amounts.every((part) => split[part]! < 1) && Math.abs(whole - 1) < ROUNDING) {
    let left = available - total(sizes);
    for (let i = 0; left > 0; i = (i + 1) % amounts.length, left--) sizes[amounts[i]!]! += 1;
  }
  sizes.train ??= Math.max(0, available - total(sizes));
  checkSizes(sizes, split, available, unit);
  return sizes;
}

/** The rows of each split, as indices below `available`, shuffled with the split's stream unless told otherwise. */
export function splitRows(
  split: SplitConfig | null,
  available: number,
  seed: number,
): { readonly [part in PartName]: Int32Array | null } {
  const sizes = splitSizes(split, available, 'examples');
  const rows = Int32Array.from({ length: available }, (_, i) => i);
  if (split?.shuffle === true) shuffle(rows, randomStream({ seed: splitSeed(split, seed), purpose: 'split' }));
  let start = 0;
  const take = (size: number | null): Int32Array | null => {
    if (size === null) return null;
    start += size;
    return rows.slice(start - size, start);
  };
  return { train: take(sizes.train), validation: take(sizes.validation), test: take(sizes.test) };
}

/** The seed that a split is shuffled with: its own, or the trial's. */
export function splitSeed(split: SplitConfig, seed: number): number {
  return split.seed === 'trial' ? seed : split.seed;
}

const ROUNDING = 1e-9;

function total(sizes: SplitSizes): number {
  return (sizes.train ?? 0) + (sizes.validation ?? 0) + (sizes.test ?? 0);
}

function checkSizes(sizes: SplitSizes, split: SplitConfig, available: number, unit: string): void {
  let left = available;
  for (const part of PART_NAMES) {
    const size = sizes[part];
    if (size === null) continue;
    if (size === 0) {
      const asked = split[part] === null ? 'what the others leave' : String(split[part]);
      throw splitError(part, `\`data.split.${part}\`: ${asked} of ${count(available, unit)} is none.`);
    }
    if (size > left) {
      const taken = available - left;
      const found = taken === 0 ? count(available, unit) : `${left} of ${count(available, unit)}`;
      const rest = taken === 0 ? '' : `, for the splits before it take ${taken}`;
      throw splitError(part, `\`data.split.${part}\` asks for ${count(size, unit)}; there are ${found}${rest}.`);
    }
    left -= size;
  }
}

function count(n: number, unit: string): string {
  return `${n} ${n === 1 ? unit.slice(0, -1) : unit}`;
}

function splitError(part: PartName, message: string): DataError {
  return new DataError(message, { code: 'DATA_SPLIT', hint: `Change \`data.split.${part}\`, or leave it out.` });
}
