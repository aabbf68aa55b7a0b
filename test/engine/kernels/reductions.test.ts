import { describe, expect, it } from 'vitest';
import { floats, LIBRARIES, normals } from './libraries.js';

describe.each(LIBRARIES)('whole-array arithmetic on %s', (_, library) => {
  it.each([0, 1, 3, 67, 10_000])('on %i numbers', (count) => {
    const x = normals(count, 'x');
    const y = normals(count, 'y');
    const array = floats(library, x);
    const squares = x.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(library.sumOfSquares(count, array.pointer) - squares)).toBeLessThanOrEqual(1e-6 * squares);

    library.addInto(count, array.pointer, floats(library, y).pointer);
    expect(array.values).toEqual(x.map((value, n) => value + y[n]!));
    library.scale(count, array.pointer, 0.5);
    expect(array.values).toEqual(x.map((value, n) => Math.fround(value + y[n]!) * 0.5));
  });

  it.each([1, 3, 16, 67])('sums rows of %i columns in double precision', (width) => {
    const x = normals(40 * width, 'x');
    const sums = floats(library, width);
    library.sumOverRows(40, width, floats(library, x).pointer, sums.pointer);
    expect(sums.values).toEqual(
      Float32Array.from(sums.values, (_, n) => {
        let sum = 0;
        for (let row = 0; row < 40; row++) sum += x[row * width + n]!;
        return sum;
      }),
    );
  });

  it('does the multiply-adds that the peak is measured with, and counts them', () => {
    const sums = floats(library, new Float32Array(16).fill(0.5));
    const operations = library.multiplyAdds(1000, sums.pointer);
    expect(operations).toBeGreaterThan(0);
    expect(operations % (2 * 1000)).toBe(0);
    // Twelve sums, each x ← x/2 + 0.001 a thousand times: 0.002.
    expect(sums.values[0]).toBeCloseTo(0.024, 5);
  });
});
