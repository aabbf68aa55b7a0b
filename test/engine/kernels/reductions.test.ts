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
});
