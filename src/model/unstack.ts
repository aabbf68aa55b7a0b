import { tf } from '../tf.js';

/**
 * The slices of x along an axis, each without it. Unlike tf.slice, whose gradient is a padded copy of x per slice,
 * tf.unstack has one gradient for all; but with a single slice that gradient fails in tfjs 4.22, so a reshape stands in.
 */
export function unstack(x: tf.Tensor, axis: number): tf.Tensor2D[] {
  if (x.shape[axis] !== 1) return tf.unstack(x, axis) as tf.Tensor2D[];
  const shape = x.shape.filter((_, n) => n !== axis) as [number, number];
  return [tf.reshape(x, shape)];
}
