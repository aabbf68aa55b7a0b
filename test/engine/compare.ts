import { expect } from 'vitest';
import { randomStream } from '../../src/random/stream.js';
import { tf } from '../../src/tf.js';

/** The largest difference, relative to the largest magnitude of `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let difference = 0;
  let magnitude = 0;
  for (let n = 0; n < expected.length; n++) {
    // Not a number, once, is not a number.
    difference = Math.max(difference, Math.abs(actual[n]! - expected[n]!));
    magnitude = Math.max(magnitude, Math.abs(expected[n]!));
  }
  return magnitude === 0 ? difference : difference / magnitude;
}

export function values(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync() as Float32Array;
}

/** Standard normal numbers, the same for the same purpose. */
export function noise(shape: number[], purpose: string): tf.Tensor {
  const stream = randomStream({ seed: 7, purpose });
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => stream.normal()),
    shape,
  );
}
