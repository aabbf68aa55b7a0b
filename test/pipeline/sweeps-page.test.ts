import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan/plan-of.js';

const page = readFileSync('docs/sweeps.md', 'utf8');
const examples = [...page.matchAll(/```yaml\n# (.*)\n([\s\S]*?)```/g)].map(([, promise = '', sweep = '']) => ({
  promise,
  sweep,
}));

describe('the page on sweeps', () => {
  it('has an example of every operator', () => {
    for (const operator of ['grid', 'zip', 'list', 'random', 'ablate', 'union', 'when', 'exclude', 'seeds']) {
      expect(
        examples.some(({ sweep }) => sweep.includes(`${operator}:`)),
        operator,
      ).toBe(true);
    }
    expect(page.match(/```yaml/g)).toHaveLength(examples.length);
  });

  it.each(examples)('gives an example of $promise', ({ promise, sweep }) => {
    const { arms } = planOf({ sweep });
    const [, count, labels] = /^(\d+ arms)(?:: (.*))?$/.exec(promise) ?? [];
    expect(`${arms.length} arms`).toBe(count);
    if (labels !== undefined) expect(arms.map(({ label }) => label).join(' | ')).toBe(labels);
  });
});
