import { describe, expect, it } from 'vitest';
import { crc32, crc32ByTable } from '../../src/data/crc32.js';

describe.each([
  ['of Node, where it has one', crc32],
  ['by table', crc32ByTable],
] as const)('a CRC-32 %s', (_name, digest) => {
  it('is the one of the standard, also of bytes that come in pieces', () => {
    const bytes = Buffer.from('123456789');
    expect(digest(bytes)).toBe(0xcbf43926);
    expect(digest(bytes.subarray(4), digest(bytes.subarray(0, 4)))).toBe(0xcbf43926);
    expect(digest(Buffer.alloc(0))).toBe(0);
  });
});
