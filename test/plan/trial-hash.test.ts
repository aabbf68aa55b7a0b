import { describe, expect, it } from 'vitest';
import { trialHash } from '../../src/plan/trial-hash.js';
import { configOf } from './plan-of.js';

const hash = (sections: { readonly [section: string]: string }, seed = 0) => trialHash(configOf(sections), seed);
const folders = (train: string) => `data:\n  source: { file: reviews }\n  format: folders\n  train: ${train}`;

describe('the hash of a trial', () => {
  it('is 64 hexadecimal digits', () => {
    expect(hash({})).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for what is written and what is the default', () => {
    expect(hash({ x: 'train: { epochs: 1 }\nloss: { type: cross_entropy }' })).toBe(hash({}));
  });

  it('changes with the seed and with every setting that matters', () => {
    const different = [hash({}), hash({}, 1), hash({ x: 'train: { epochs: 2 }' }), hash({ x: 'loss: nll' })];
    expect(new Set(different).size).toBe(4);
  });

  it('does not change with keys that have no effect', () => {
    const model = (rest: string) => `model: { embedding: { dim: 8 }, cell: lstm, hidden: 16${rest} }`;
    expect(hash({ model: model(', dropout: 0.5, nonlinearity: relu') })).toBe(hash({ model: model('') }));
  });

  it('does not change with the time limit', () => {
    expect(hash({ x: 'train: { timeout: 5m }' })).toBe(hash({}));
  });

  it('changes with the order of the labels, which is the order of the classes', () => {
    expect(hash({ data: folders('{ neg: a, pos: b }') })).not.toBe(hash({ data: folders('{ pos: b, neg: a }') }));
  });
});
