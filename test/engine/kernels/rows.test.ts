import { describe, expect, it } from 'vitest';
import { floats, integers, ints, LIBRARIES, normals } from './libraries.js';

describe.each(LIBRARIES)('rows of a table on %s', (_, library) => {
  it.each([1, 3, 16, 67])('of width %i are gathered, and added back in order', (width) => {
    const table = normals(9 * width, 'table');
    const ids = integers(40, 9, 'ids');
    const out = floats(library, ids.length * width);
    const kept = floats(library, table);
    const pointer = ints(library, ids).pointer;
    library.gatherRows({ count: ids.length, width, table: kept.pointer, ids: pointer, out: out.pointer });
    expect(out.values).toEqual(
      Float32Array.from(out.values, (_, n) => table[ids[Math.floor(n / width)]! * width + (n % width)]!),
    );

    const sum = table.slice();
    ids.forEach((id, u) => {
      for (let n = 0; n < width; n++)
        sum[id * width + n] = Math.fround(sum[id * width + n]! + out.values[u * width + n]!);
    });
    library.scatterAddRows({ count: ids.length, width, table: kept.pointer, ids: pointer, out: out.pointer });
    expect(kept.values).toEqual(sum);
  });
});
