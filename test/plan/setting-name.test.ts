import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SettingName, slugOf } from '../../src/plan/setting-name.js';

it('names a number by its last key and its digits, as any text is made safe', () => {
  const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1e-7, 1e20, 1e21, 1.5e300));
  fc.assert(
    fc.property(numbers, (value) => {
      const { text, slug } = new SettingName('optimizer.weight_decay', value);
      expect(text).toBe(`optimizer.weight_decay=${value}`);
      expect(slug).toBe(slugOf(`weight_decay-${value}`));
      expect(slug).toMatch(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

it('names a word by itself, and anything else by its last key and its JSON', () => {
  const slugs = [
    ['model.cell', 'lstm'],
    ['model.bidirectional', true],
    ['optimizer.betas', [0.9, 0.99]],
  ] as const;
  expect(slugs.map(([path, value]) => new SettingName(path, value).slug)).toEqual([
    'lstm',
    'bidirectional-true',
    'betas-0.9-0.99',
  ]);
});
