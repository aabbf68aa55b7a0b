import { expect, it } from 'vitest';
import { uniqueTokens } from '../../src/model/unique-tokens.js';

const lists = (ids: readonly number[], vocabulary: number) => {
  const { tokens, index } = uniqueTokens(Int32Array.from(ids), vocabulary);
  return { tokens: [...tokens], index: [...index] };
};

it('lists the tokens of a batch once each, in the order of the vocabulary, and where each position has its own', () => {
  expect(lists([7, 2, 7, 0, 9, 2], 10)).toEqual({ tokens: [0, 2, 7, 9], index: [2, 1, 2, 0, 3, 1] });
  expect(lists([], 10)).toEqual({ tokens: [], index: [] });
});

it('knows nothing of the batches before, of other vocabularies and refused ones among them', () => {
  const first = uniqueTokens(Int32Array.of(40, 3), 50);
  for (const wrong of [-1, 5]) expect(() => lists([4, 1, wrong], 5)).toThrow('expected token indices from 0 to 4');
  expect(lists([2, 2], 5)).toEqual({ tokens: [2], index: [0, 0] });
  expect(lists([41, 2], 50)).toEqual({ tokens: [2, 41], index: [1, 0] });
  expect([...first.tokens]).toEqual([3, 40]);
  expect([...first.index]).toEqual([1, 0]);
});
