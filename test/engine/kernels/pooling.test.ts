import { describe, expect, it } from 'vitest';
import { floats, ints, LIBRARIES, normals, relativeError } from './libraries.js';

const CASES = [
  { batch: 3, time: 7, features: 67, lengths: undefined },
  { batch: 4, time: 5, features: 16, lengths: [5, 0, 1, 3] },
  { batch: 1, time: 1, features: 1, lengths: undefined },
];

describe.each(LIBRARIES)('pooling over time on %s', (_, library) => {
  it.each(CASES)('takes the first largest value and gives it the gradient: $batch × $time × $features', (pool) => {
    const { input, at, lengthOf, common, dOutput } = prepare(pool);
    const output = floats(library, pool.batch * pool.features);
    const position = ints(library, pool.batch * pool.features);
    const gradient = floats(library, input.length);
    library.maxOverTime({
      ...common,
      input: floats(library, input).pointer,
      output: output.pointer,
      position: position.pointer,
    });
    library.maxOverTimeBackward({
      ...common,
      outputGradient: floats(library, dOutput).pointer,
      position: position.pointer,
      gradient: gradient.pointer,
    });
    const expected = new Float32Array(input.length);
    for (let b = 0; b < pool.batch; b++) {
      for (let f = 0; f < pool.features; f++) {
        let best = lengthOf(b) > 0 ? 0 : -1;
        for (let t = 1; t < lengthOf(b); t++) if (input[at(b, t, f)]! > input[at(b, best, f)]!) best = t;
        const n = b * pool.features + f;
        expect(position.values[n]).toBe(best);
        expect(output.values[n]).toBe(best < 0 ? 0 : input[at(b, best, f)]);
        if (best >= 0) expected[at(b, best, f)] = dOutput[n]!;
      }
    }
    expect(gradient.values).toEqual(expected);
  });

  it.each(CASES)('takes the mean and shares the gradient out: $batch × $time × $features', (pool) => {
    const { input, at, lengthOf, common, dOutput } = prepare(pool);
    const output = floats(library, pool.batch * pool.features);
    const gradient = floats(library, input.length);
    library.meanOverTime({ ...common, input: floats(library, input).pointer, output: output.pointer });
    library.meanOverTimeBackward({
      ...common,
      outputGradient: floats(library, dOutput).pointer,
      gradient: gradient.pointer,
    });
    const mean = new Float32Array(output.values.length);
    const expected = new Float32Array(input.length);
    for (let b = 0; b < pool.batch; b++) {
      for (let f = 0; f < pool.features; f++) {
        const n = b * pool.features + f;
        for (let t = 0; t < lengthOf(b); t++) {
          mean[n]! += input[at(b, t, f)]! / lengthOf(b);
          expected[at(b, t, f)] = dOutput[n]! / lengthOf(b);
        }
      }
    }
    expect(relativeError(output.values, mean)).toBeLessThan(1e-6);
    expect(relativeError(gradient.values, expected)).toBeLessThan(1e-6);
  });

  it('lets a NaN through', () => {
    const output = floats(library, 17);
    const input = normals(3 * 17, 'nan').map((value, n) => (n % 17 === 16 || n === 20 ? Number.NaN : value));
    const position = ints(library, 17);
    const pool = { batch: 1, time: 3, features: 17, input: floats(library, input).pointer };
    library.maxOverTime({ ...pool, output: output.pointer, position: position.pointer });
    expect([...output.values.keys()].filter((f) => Number.isNaN(output.values[f]))).toEqual([3, 16]);
  });

  function prepare({ batch, time, features, lengths }: (typeof CASES)[number]) {
    const input = normals(batch * time * features, 'pool').map((x) => Math.round(x * 2) / 2);
    return {
      input,
      at: (b: number, t: number, f: number) => (b * time + t) * features + f,
      lengthOf: (b: number) => lengths?.[b] ?? time,
      dOutput: normals(batch * features, 'pool gradient'),
      common: {
        batch,
        time,
        features,
        lengths: lengths === undefined ? 0 : ints(library, lengths).pointer,
      },
    };
  }
});
