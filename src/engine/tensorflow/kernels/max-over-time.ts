import type { tf } from '../../../tf.js';
import { matrices } from './matrices.js';
import { withOps } from './ops.js';

/** [B, T, F] → the largest value over each sequence's own steps [B, F], and the first step that has it (int32). */
export function maxOverTime({ x }: { x: tf.TensorInfo }, { lengths }: { lengths: Int32Array | null }): tf.TensorInfo[] {
  return withOps((ops) => {
    const [size, time] = x.shape as [number, number, number];
    const axis = ops.ints(Int32Array.of(1), []);
    let candidates = ops.of(x);
    if (lengths !== null) {
      const beyond = new Float32Array(size * time);
      lengths.forEach((length, b) => {
        beyond.fill(-Infinity, b * time + length, (b + 1) * time);
      });
      candidates = ops.one('AddV2', [candidates, ops.floats(beyond, [size, time, 1])]);
    }
    const largest = ops.one('Max', [candidates, axis], [ops.attribute.bool('keep_dims', false)]);
    const steps = ops.one('ArgMax', [candidates, axis], [ops.attribute.type('output_type', 'int')]);
    return [ops.keep(largest), ops.keep(steps)];
  });
}

/** The gradient [B, T, F]: `dy` [B, F] at the steps that were the largest, zero elsewhere. */
export function maxOverTimeGradient(
  { dy, steps }: { dy: tf.TensorInfo; steps: tf.TensorInfo },
  { shape }: { shape: readonly [number, number, number] },
): tf.TensorInfo[] {
  return withOps((ops) => {
    const m = matrices(ops);
    const [size, time, features] = shape;
    const count = size * features;
    const first = new Int32Array(count);
    for (let n = 0; n < count; n++) first[n] = Math.floor(n / features) * time * features + (n % features);
    const at = m.add(m.times(ops.of(steps), ops.ints(Int32Array.of(features), [])), ops.ints(first, [size, features]));
    const extent = ops.ints(Int32Array.of(count * time), [1]);
    const flat = ops.one('ScatterNd', [m.reshape(at, [count, 1]), m.reshape(ops.of(dy), [count]), extent]);
    return [ops.keep(m.reshape(flat, shape))];
  });
}
