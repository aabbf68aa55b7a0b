import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalText, canonicalWriter, type LeftOut } from '../../src/plan/canonical-text.js';

it('is the canonical JSON of RFC 8785', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalText(value)).toBe(canonicalize(value));
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(canonicalText({ é: 1, b: [{ d: null, c: 1e-7 }], a: undefined })).toBe('{"b":[{"c":1e-7,"d":null}],"é":1}');
});

it('leaves out keys, whole or in part', () => {
  const leftOut: LeftOut = new Map<string, LeftOut | true>([
    ['a', true],
    ['b', new Map([['c', true]])],
  ]);
  expect(canonicalText({ a: 1, b: { c: 2, d: 3 }, e: 4 }, leftOut)).toBe('{"b":{"d":3},"e":4}');
});

it('writes mappings one after another as it writes each alone', () => {
  const leftOut: LeftOut = new Map<string, LeftOut | true>([
    ['b', true],
    ['c', new Map([['x', true]])],
  ]);
  // Few keys and values, so that most mappings have some of both from the one before.
  const plain = fc.constantFrom<unknown>(1, 0.5, -0, 'a', null, undefined, [1, 'a'], { x: 1, y: 2 });
  const value = fc.oneof(plain, fc.dictionary(fc.constantFrom('x', 'y', 'z'), plain));
  const mapping = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value);
  fc.assert(
    fc.property(fc.array(mapping), (mappings) => {
      const write = canonicalWriter(leftOut);
      expect(mappings.map(write)).toEqual(mappings.map((one) => canonicalText(one, leftOut)));
    }),
    { seed: 1, numRuns: 500 },
  );
});
