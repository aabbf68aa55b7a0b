import { describe, expect, it } from 'vitest';
import type { Activation } from '../../../src/engine/kernels/library.js';
import { floats, LIBRARIES, normals, relativeError } from './libraries.js';

const SIZES: readonly (readonly [number, number, number])[] = [
  [64, 64, 64],
  [64, 2, 64],
  [1, 1, 1],
  [1, 300, 7],
  [37, 41, 43],
  [100, 17, 800],
  [97, 257, 385],
  [3, 5, 0],
];
const ACTIVATE: Record<Activation, (x: number) => number> = {
  none: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

describe.each(LIBRARIES)('the matrix product on %s', (_, library) => {
  const cases = SIZES.flatMap(([m, n, k]) => [
    { m, n, k, transposeA: false, transposeB: false, activation: 'none' as const, accumulate: false, padding: 0 },
    { m, n, k, transposeA: true, transposeB: false, activation: 'relu' as const, accumulate: true, padding: 3 },
    { m, n, k, transposeA: false, transposeB: true, activation: 'tanh' as const, accumulate: false, padding: 1 },
    { m, n, k, transposeA: true, transposeB: true, activation: 'sigmoid' as const, accumulate: true, padding: 0 },
  ]);

  it.each(cases)('is that of the definition: $m × $k by $k × $n, $activation', (product) => {
    const { m, n, k, transposeA, transposeB, activation, accumulate, padding } = product;
    const [rowsA, strideA] = transposeA ? [k, m + padding] : [m, k + padding];
    const [rowsB, strideB] = transposeB ? [n, k + padding] : [k, n + padding];
    const strideC = n + padding;
    const a = normals(rowsA * strideA, 'a', 0.3);
    const b = normals(rowsB * strideB, 'b', 0.3);
    const before = normals(m * strideC, 'c');
    const bias = normals(n, 'bias');
    const expected = before.slice();
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = bias[column]! + (accumulate ? before[row * strideC + column]! : 0);
        for (let i = 0; i < k; i++) {
          const left = a[transposeA ? i * strideA + row : row * strideA + i]!;
          sum += left * b[transposeB ? column * strideB + i : i * strideB + column]!;
        }
        expected[row * strideC + column] = ACTIVATE[activation](sum);
      }
    }
    const c = floats(library, before);
    library.gemm({
      ...product,
      a: floats(library, a).pointer,
      b: floats(library, b).pointer,
      bias: floats(library, bias).pointer,
      c: c.pointer,
      strideA,
      strideB,
      strideC,
    });
    expect(relativeError(c.values, expected)).toBeLessThan(1e-5);
  });

  it('takes tanh to a few units in the last place, of the smallest numbers too, and never beyond 1', () => {
    const x = Array.from({ length: 1000 }, (_, n) => Math.fround((n % 2 === 0 ? 1 : -1) * 1e-9 * 1.025 ** n));
    const out = floats(library, x.length);
    const a = floats(library, Float32Array.from(x)).pointer;
    const b = floats(library, Float32Array.of(1)).pointer;
    library.gemm({ m: x.length, n: 1, k: 1, a, b, c: out.pointer, activation: 'tanh' });
    for (const [n, value] of x.entries()) {
      const exact = Math.tanh(value);
      expect(Math.abs(out.values[n]! - exact)).toBeLessThanOrEqual(4 * 2 ** -23 * Math.abs(exact));
      expect(Math.abs(out.values[n]!)).toBeLessThanOrEqual(1);
    }
  });
});
