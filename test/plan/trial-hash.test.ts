import { describe, expect, it } from 'vitest';
import { freezePlan } from '../../src/plan/freeze-plan.js';
import { trialHash } from '../../src/plan/trial-hash.js';
import { configOf, planOf } from './plan-of.js';

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

describe('the hash of a frozen trial', () => {
  const config = configOf({});
  const frozen = (data: string, sections: { readonly [section: string]: string } = {}) =>
    trialHash(configOf(sections), 0, { data, vectors: null });
  const source = (text: string) => ({
    data: `data:\n  source: ${text}\n  format: csv\n  split: { train: 0.8, test: 0.2 }`,
  });

  it('knows a file by its bytes, wherever it lies', () => {
    expect(frozen('aa', source('{ file: elsewhere.csv }'))).toBe(frozen('aa'));
    expect(frozen('bb')).not.toBe(frozen('aa'));
    expect(frozen('aa')).not.toBe(trialHash(config, 0));
  });

  it('knows a download by its checksum, from whatever address', () => {
    const at = (host: string, digest: string) =>
      hash(source(`{ url: "https://${host}/r.csv", sha256: "${digest.repeat(64)}" }`));
    expect(at('a.example', '0')).toBe(at('b.example', '0'));
    expect(at('a.example', '1')).not.toBe(at('a.example', '0'));
  });

  it('changes with the engine and its variant, and with the device only where there are several', () => {
    const on = (engine: string) => hash({ x: `engine: ${engine}` });
    const [native, avx2, wasm] = ['native', '{ name: native, variant: avx2 }', 'wasm'].map(on);
    expect(new Set([native, avx2, wasm, on('auto')]).size).toBe(4);
    expect(on('{ name: wasm, device: cpu }')).toBe(wasm);
  });
});

describe('freezing a plan', () => {
  it('makes one trial of those that became equal, which all their arms list', () => {
    const plan = planOf({ sweep: 'sweep: { seeds: 2, grid: { engine: [auto, wasm] } }' });
    expect(plan.trials).toHaveLength(4);
    const { arms, trials } = freezePlan(plan, { engine: (engine) => ({ ...engine, name: 'wasm' }) });
    expect(trials.map(({ id }) => id)).toEqual(['001-auto-s0', '001-auto-s1']);
    expect(arms.map(({ trial_ids }) => trial_ids)).toEqual([
      ['001-auto-s0', '001-auto-s1'],
      ['001-auto-s0', '001-auto-s1'],
    ]);
    expect(trials[0]?.config.engine.name).toBe('wasm');
  });

  it('keeps the digests of files beside the hash that has them', () => {
    const digests = { data: 'd'.repeat(64), vectors: null };
    const plan = planOf({});
    const [trial] = freezePlan(plan, { inputs: () => digests }).trials;
    expect(trial?.inputs).toEqual(digests);
    expect(trial?.hash).not.toBe(plan.trials[0]?.hash);
    for (const inputs of [() => undefined, () => ({ data: null, vectors: null })]) {
      expect(freezePlan(plan, { inputs }).trials[0]).not.toHaveProperty('inputs');
    }
  });
});
