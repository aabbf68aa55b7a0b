import { mean } from '../statistics/moments.js';
import type { AblationPlan, Values } from './subsets.js';

/** What is held against what. */
export interface Contrast {
  /** The factor, or the two of an interaction. */
  readonly factors: readonly string[];
  /** A difference for each seed, within one combination of the other settings; null where that lacks a subset. */
  of(values: Values): readonly number[] | null;
}

/** Each factor by itself, as the mode asks for it. */
export function singleContrasts(plan: AblationPlan): readonly Contrast[] {
  return plan.factors.map((factor, k) => ({ factors: [factor], of: (values) => singleEffect(plan, 1 << k, values) }));
}

function singleEffect({ mode, factors, fraction, subsets }: AblationPlan, bit: number, values: Values) {
  const all = 2 ** factors.length - 1;
  switch (mode) {
    case 'one_at_a_time':
      return difference([[bit, 0]], values);
    case 'leave_one_out':
      return difference([[all, all & ~bit]], values);
    case 'cumulative':
      return difference([[2 * bit - 1, bit - 1]], values);
    case 'factorial':
      // A whole fraction is balanced in all other factors; of a set with gaps only matched pairs are.
      if (fraction === null) return difference(matchedPairs(values, bit), values);
      return values.size < subsets.length ? null : halves(values, bit);
  }
}

/** Each two factors: the effect of the one with the other − without it. Of values that have every subset. */
export function interactionContrasts(factors: readonly string[]): readonly Contrast[] {
  return factors.flatMap((first, i) =>
    factors.slice(i + 1).map((second, offset): Contrast => {
      const [a, b] = [1 << i, 1 << (i + 1 + offset)];
      return {
        factors: [first, second],
        of(values) {
          const group = (mask: number): Group =>
            [...values].filter(([subset]) => (subset & (a | b)) === mask).map(([, found]) => found);
          const [both, onlyA, onlyB, none] = [group(a | b), group(a), group(b), group(0)];
          return seedsOf(values).map(
            (s) => average(both, s) - average(onlyB, s) - (average(onlyA, s) - average(none, s)),
          );
        },
      };
    }),
  );
}

/**
 * Each factor's mean contribution over all orders in which the factors could be added (Shapley, 1953), seed by seed. Of
 * values that have every subset.
 */
export function shapleyContrasts(factors: readonly string[]): readonly Contrast[] {
  const k = factors.length;
  // |S|! (k − |S| − 1)! / k! by |S|.
  const weights = Array.from({ length: k }, (_, size) => 1 / (k * binomial(k - 1, size)));
  return factors.map((factor, i) => {
    const bit = 1 << i;
    return {
      factors: [factor],
      of(values) {
        const differences = seedsOf(values).map(() => 0);
        for (const [mask, found] of values) {
          if ((mask & bit) !== 0) continue;
          const withFactor = values.get(mask | bit)!;
          const weight = weights[ones(mask)]!;
          for (const s of differences.keys()) differences[s]! += weight * (withFactor[s]! - found[s]!);
        }
        return differences;
      },
    };
  });
}

type Group = readonly (readonly number[])[];

function seedsOf(values: Values): readonly number[] {
  const [first = []] = values.values();
  return [...first.keys()];
}

/** The mean over pairs of subsets of the one − the other; null where a pair is not whole, or there is none. */
function difference(pairs: readonly (readonly [after: number, before: number])[], values: Values) {
  if (pairs.length === 0 || !pairs.flat().every((mask) => values.has(mask))) return null;
  return seedsOf(values).map((s) =>
    mean(pairs.map(([after, before]) => values.get(after)![s]! - values.get(before)![s]!)),
  );
}

/** Each subset with the factor and the same one without it, where both were measured. */
function matchedPairs(values: Values, bit: number): readonly (readonly [after: number, before: number])[] {
  return [...values.keys()].flatMap((mask) =>
    (mask & bit) === 0 && values.has(mask | bit) ? [[mask | bit, mask] as const] : [],
  );
}

/** All subsets with the factor − all without it. */
function halves(values: Values, bit: number): readonly number[] {
  const where = (there: boolean): Group =>
    [...values].filter(([mask]) => ((mask & bit) !== 0) === there).map(([, found]) => found);
  const [withFactor, without] = [where(true), where(false)];
  return seedsOf(values).map((s) => average(withFactor, s) - average(without, s));
}

function average(group: Group, seed: number): number {
  return group.reduce((sum, found) => sum + found[seed]!, 0) / group.length;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

function ones(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
