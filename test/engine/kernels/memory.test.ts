import { describe, expect, it } from 'vitest';
import { loadNativeKernels } from '../../../src/engine/kernels/native.js';
import { loadWasmKernels } from '../../../src/engine/kernels/wasm.js';
import { EngineError } from '../../../src/errors.js';
import { floats, LIBRARIES } from './libraries.js';

describe.each(LIBRARIES)('kernel memory on %s', (_, library) => {
  it('is aligned to 64 bytes and keeps what is written', () => {
    const pieces = [1, 64, 65, 100_000].map((bytes) => library.allocate(bytes));
    pieces.forEach(({ buffer, byteOffset }, n) => {
      new Uint8Array(buffer, byteOffset, 1)[0] = n;
    });
    for (const { pointer } of pieces) expect(pointer % 64).toBe(0);
    expect(pieces.map(({ buffer, byteOffset }) => new Uint8Array(buffer, byteOffset, 1)[0])).toEqual([0, 1, 2, 3]);
    for (const { pointer } of pieces) library.release(pointer);
  });

  it('refuses what no machine has, with the figure', () => {
    expect(() => library.allocate(2 ** 52)).toThrow(EngineError);
    expect(() => library.allocate(2 ** 52)).toThrow(/4,503,599,627,370,496 bytes|4294967296 MB/);
  });

  it('tells sizes that do not fit 32 bits', () => {
    const shape = { cell: 'lstm', batch: 1024, time: 2000, rows: 1, input: 1, hidden: 1024 } as const;
    expect(library.recurrentReserveBytes({ ...shape, indexed: true, training: true })).toBeGreaterThan(2 ** 34);
  });
});

describe('WebAssembly memory', () => {
  it('grows without taking earlier views away, and is used again', () => {
    const library = loadWasmKernels();
    const first = floats(library, [1, 2, 3]);
    const large = library.allocate(40_000_000);
    new Uint8Array(large.buffer, large.byteOffset, 40_000_000).fill(1);
    expect([...first.values]).toEqual([1, 2, 3]);
    expect(library.sumOfSquares(3, first.pointer)).toBe(14);
    library.release(large.pointer);
    expect(library.allocate(40_000_000).pointer).toBe(large.pointer);
  });

  it('has 4 GB and no more', () => {
    const library = loadWasmKernels();
    library.allocate(3 * 2 ** 30);
    expect(() => library.allocate(2 ** 30)).toThrow(
      'the wasm engine asked for 1024 MB more beside 3073 MB, and it has 4096 MB at most',
    );
  });
});

describe('native variants', () => {
  it('that the addon does not have are refused with those it has', () => {
    expect(() => loadNativeKernels('sse9' as 'avx2')).toThrow(EngineError);
  });
});
