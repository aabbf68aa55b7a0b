import { maxOverTime, meanOverTime } from '../engine/ops.js';
import type { Pooling } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import { expandRows } from './expand-rows.js';
import type { StackResult } from './recurrent-stack.js';

export interface PoolingOptions {
  readonly pooling: Pooling;
  /** D. */
  readonly directions: number;
  /** [B] steps that take part, or null for all. */
  readonly lengths: Int32Array | null;
  /** `attention.weight` [1, D·H], for attention only. */
  readonly attention: tf.Tensor2D | null;
}

/** Whether a pooling reads the output at every step; the others need only the final hidden states, which are cheaper. */
export function readsSequence(pooling: Pooling, directions: number): boolean {
  return pooling !== 'hidden' && (pooling !== 'last' || directions > 1);
}

/**
 * What the head reads of a text: [B, D·H].
 *
 * - `last`: the output at the last step, PyTorch's `output[:, -1]`; packed, at each text's own last step.
 * - `hidden`: the last layer's final hidden states, forward then backward.
 * - `max`, `mean`: over time; packed, over each text's own steps.
 * - `attention`: Σ_t a_t·output_t with a = softmax over time of output_t·v, v = `attention.weight`; packed, a_t is zero
 *   beyond a text's own steps.
 */
export function pool({ output, state }: StackResult, options: PoolingOptions): tf.Tensor2D {
  const { pooling, directions } = options;
  if (!readsSequence(pooling, directions)) return tf.concat(state.h.slice(-directions), 1) as tf.Tensor2D;
  const sequence = output!;
  // A text without tokens has no step of its own; its output is zero at every step, so the first stands for it.
  const lengths = options.lengths?.map((length) => Math.max(length, 1)) ?? null;
  switch (pooling) {
    case 'max':
      return maxOverTime(sequence, lengths);
    case 'mean':
      return meanOverTime(sequence, lengths);
    case 'attention':
      return attend(sequence, options.attention!, lengths);
    default:
      return lastStep(sequence, lengths);
  }
}

function lastStep(output: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor2D {
  const [size, time, features] = output.shape;
  if (lengths === null) return tf.reshape(tf.slice(output, [0, time - 1, 0], [size, 1, features]), [size, features]);
  const last = lengths.map((length, b) => b * time + length - 1);
  return expandRows(tf.reshape(output, [size * time, features]), last);
}

function attend(output: tf.Tensor3D, weight: tf.Tensor2D, lengths: Int32Array | null): tf.Tensor2D {
  const [size, time, features] = output.shape;
  const scores = tf.reshape(tf.matMul(tf.reshape(output, [size * time, features]), weight, false, true), [size, time]);
  const shares = tf.softmax(lengths === null ? scores : tf.add(scores, padding(lengths, time)));
  const weighted = tf.matMul(tf.reshape(shares, [size, 1, time]), output);
  return tf.reshape(weighted, [size, features]);
}

/** [B, T]: 0 at a text's own steps, and so low beyond them that the softmax gives exactly zero. */
function padding(lengths: Int32Array, time: number): tf.Tensor2D {
  const values = new Float32Array(lengths.length * time);
  lengths.forEach((length, b) => {
    values.fill(-1e30, b * time + length, (b + 1) * time);
  });
  return tf.tensor2d(values, [lengths.length, time]);
}
