import { denominatorOf } from './operators/ablate.js';
import {
  bitCount,
  type FractionalDesign,
  fractionalDesign,
  symmetricDifference,
  wordSign,
} from './operators/fraction.js';
import type { SweepNode } from './sweep-points.js';

/** What a fraction of a factorial can and cannot tell apart. */
export interface AliasStructure {
  /** Where it is written: `sweep.ablate`. */
  readonly at: string;
  readonly fraction: string;
  /** III, IV, V, … */
  readonly resolution: string;
  /** How the dependent factors are made: `deep = − wide × max pooling`. */
  readonly generators: readonly string[];
  /** Effects of one and of two factors that the design cannot tell from others of at most two: `wide = − deep × slow`. */
  readonly aliases: readonly string[];
}

/** The alias structure of every fractional ablation of a sweep. */
export function aliasStructures(node: SweepNode, at = 'sweep'): readonly AliasStructure[] {
  const { ablate, union = [] } = node;
  const own = ablate?.mode === 'factorial' && ablate.fraction !== undefined ? [structure(ablate, `${at}.ablate`)] : [];
  return [...own, ...union.flatMap((part, index) => aliasStructures(part, `${at}.union[${index}]`))];
}

function structure({ factors, fraction = '1/1' }: NonNullable<SweepNode['ablate']>, at: string): AliasStructure {
  const names = Object.keys(factors);
  const design = fractionalDesign(names.length, denominatorOf(fraction))!;
  return {
    at,
    fraction,
    resolution: ROMAN[design.resolution] ?? String(design.resolution),
    generators: design.generators.map((generator, n) => {
      const factor = design.independent + n;
      const word = generator + 2 ** factor;
      return `${names[factor]} = ${signed(wordSign(word), generator, names)}`;
    }),
    aliases: aliases(design, names),
  };
}

const ROMAN: { readonly [resolution: number]: string } = { 3: 'III', 4: 'IV', 5: 'V', 6: 'VI', 7: 'VII', 8: 'VIII' };

/** Effects of more than two factors are taken to be nothing, as the sparsity of effects has it. */
const LONGEST_EFFECT = 2;

function aliases({ factors, words }: FractionalDesign, names: readonly string[]): readonly string[] {
  const told = new Set<number>();
  return effectsOf(factors).flatMap((effect) => {
    if (told.has(effect)) return [];
    const same = words
      .map((word) => ({ effect: symmetricDifference(effect, word), sign: wordSign(word) }))
      .filter((other) => other.effect !== 0 && bitCount(other.effect) <= LONGEST_EFFECT);
    for (const other of same) told.add(other.effect);
    if (same.length === 0) return [];
    return [[effectText(effect, names), ...same.map((other) => signed(other.sign, other.effect, names))].join(' = ')];
  });
}

/** All effects of one and of two factors, the shorter first. */
function effectsOf(factors: number): readonly number[] {
  const single = Array.from({ length: factors }, (_, k) => 2 ** k);
  return [...single, ...single.flatMap((a, k) => single.slice(k + 1).map((b) => a + b))];
}

function signed(sign: 1 | -1, effect: number, names: readonly string[]): string {
  return `${sign === 1 ? '' : '− '}${effectText(effect, names)}`;
}

function effectText(effect: number, names: readonly string[]): string {
  return names.filter((_, k) => Math.floor(effect / 2 ** k) % 2 === 1).join(' × ');
}
