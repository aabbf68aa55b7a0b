import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalText, type LeftOut } from '../../src/plan/canonical-text.js';

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
