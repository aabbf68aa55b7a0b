import { describe, expect, it } from 'vitest';
import { bitCount, fractionalDesign, isPresent, wordSign } from '../../src/plan/operators/fraction.js';

describe('a fraction of the subsets', () => {
  // Resolutions of the minimum-aberration designs of Box, Hunter and Hunter, table 6.22 (and NIST, 5.3.3.4.7).
  it.each([
    [3, 2, 3],
    [4, 2, 4],
    [5, 2, 5],
    [5, 4, 3],
    [6, 2, 6],
    [6, 4, 4],
    [6, 8, 3],
    [7, 2, 7],
    [7, 4, 4],
    [7, 8, 4],
    [7, 16, 3],
    [8, 4, 5],
    [8, 8, 4],
    [8, 16, 4],
    [9, 16, 4],
    [9, 32, 3],
    [10, 4, 6],
    [10, 8, 5],
    [11, 4, 7],
    [11, 8, 6],
    [11, 16, 5],
    [12, 2, 12],
    [12, 4, 8],
  ])('of %i factors by 1/%i has resolution %i', (factors, denominator, resolution) => {
    expect(fractionalDesign(factors, denominator)?.resolution).toBe(resolution);
  });

  // Words of length 4 in the minimum-aberration designs of Wu and Hamada, Experiments, tables 5A.
  it.each([
    [9, 8, 1],
    [10, 16, 2],
    [10, 32, 10],
    [11, 32, 4],
  ])('of %i factors by 1/%i mixes the fewest pairs with pairs: %i words of four', (factors, denominator, fours) => {
    const { words, resolution } = fractionalDesign(factors, denominator)!;
    expect(resolution).toBe(4);
    expect(words.filter((word) => bitCount(word) === 4)).toHaveLength(fours);
  });

  it('is found for many factors too, within a bounded search', () => {
    expect(fractionalDesign(14, 64)!.resolution).toBe(5);
  });

  it('is balanced: each factor is there in half of the rows, and no two always together', () => {
    const design = fractionalDesign(7, 8)!;
    const rows = Array.from({ length: 16 }, (_, row) => Array.from({ length: 7 }, (_, k) => isPresent(design, k, row)));
    for (let a = 0; a < 7; a++) {
      expect(rows.filter((row) => row[a])).toHaveLength(8);
      for (let b = 0; b < a; b++) expect(rows.filter((row) => row[a] && row[b])).toHaveLength(4);
    }
  });

  it('has the base in its first row, and each word constant over all rows', () => {
    const design = fractionalDesign(6, 4)!;
    expect([0, 1, 2, 3, 4, 5].some((k) => isPresent(design, k, 0))).toBe(false);
    for (const word of design.words) {
      for (let row = 0; row < 16; row++) {
        const factors = [0, 1, 2, 3, 4, 5].filter((k) => (word >> k) % 2 === 1);
        expect(factors).toHaveLength(bitCount(word));
        const product = factors.reduce((sign, k) => sign * (isPresent(design, k, row) ? 1 : -1), 1);
        expect(product).toBe(wordSign(word));
      }
    }
  });

  it('does not exist for so few rows that the factors cannot be told apart', () => {
    expect(fractionalDesign(3, 4)).toBeNull();
    expect(fractionalDesign(4, 4)).toBeNull();
  });
});
