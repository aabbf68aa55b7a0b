import { describe, expect, it } from 'vitest';
import { naturalLog } from '../../../src/random/natural-log.js';
import { philox4x32 } from '../../../src/random/philox.js';
import { randomStream, streamKey } from '../../../src/random/stream.js';
import { floats, ints, LIBRARIES } from './libraries.js';

/** The known answers that Random123 publishes for philox4x32-10 (tests/kat_vectors): counter, key, block. */
const KNOWN: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('Philox in TypeScript', () => {
  it.each(KNOWN)('gives the published block for %j', (counter, key, block) => {
    const out = new Uint32Array(4);
    philox4x32(counter as [number, number, number, number], key as [number, number], out);
    expect([...out]).toEqual(block);
  });
});

describe('the natural logarithm in TypeScript', () => {
  it('is Math.log to the last place or two, from the smallest uniform to 1', () => {
    for (let x = 2 ** -54; x <= 1; x *= 1.0037) {
      expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThanOrEqual(2 ** -51 * Math.abs(Math.log(x)));
    }
  });
});

describe.each(LIBRARIES)('random streams on %s', (_, library) => {
  it.each(KNOWN)('give the published block for %j', (counter, key, block) => {
    const out = ints(library, 4);
    library.philoxBlock(counter, key, out.pointer);
    expect([...out.values].map((word) => word >>> 0)).toEqual(block);
  });

  const cases = [
    { seed: 0, purpose: 'a', index: 0 },
    { seed: -5, purpose: 'dropout of the embedding', index: 4_000_000_000 },
    { seed: 4_294_967_295, purpose: 'ü', index: 7 },
  ];
  it.each(cases)('give the words, uniforms and masks of TypeScript: $seed, $purpose', (stream) => {
    const { seed, purpose, index } = stream;
    const count = 1003;
    const range = { key: streamKey(seed, purpose), index, count };
    const words = ints(library, count);
    const uniforms = floats(library, count);
    library.fillWords({ ...range, out: words.pointer });
    library.fillUniform({ ...range, out: uniforms.pointer });
    const reference = randomStream(stream);
    expect([...words.values]).toEqual(Array.from({ length: count }, () => reference.word() | 0));
    const uniform = randomStream(stream);
    expect([...uniforms.values]).toEqual(Array.from({ length: count }, () => uniform.uniform()));
    for (const keep of [0.5, 0.9, 1, 0.123456789]) {
      const mask = floats(library, count);
      library.dropoutMask({ ...range, keep, out: mask.pointer });
      expect([...mask.values]).toEqual([...uniforms.values].map((u) => (u < keep ? Math.fround(1 / keep) : 0)));
    }
  });

  it.each(cases)('give the normals of TypeScript to the bit, tails and all: $seed, $purpose', (stream) => {
    const { seed, purpose, index } = stream;
    const count = 200_003;
    for (const deviation of [1, 0.01]) {
      const normals = floats(library, count);
      library.fillNormal({ key: streamKey(seed, purpose), index, count, deviation, out: normals.pointer });
      const reference = randomStream(stream);
      const expected = Float32Array.from({ length: count }, () => deviation * reference.normal());
      expect(Buffer.from(new Uint8Array(normals.values.slice().buffer)).equals(Buffer.from(expected.buffer))).toBe(
        true,
      );
    }
  });
});
