import { tf } from '../../tf.js';

/**
 * The losses [R] of a batch added up and divided by `divisor`: a scalar. The gradient is the same for every sample, so
 * it is one array, where tfjs's tape would divide, reshape and multiply with ones in turn.
 */
export function meanLoss(values: tf.Tensor1D, divisor: number): tf.Scalar {
  return tf.customGrad((losses: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.div(tf.sum(losses as tf.Tensor1D), divisor),
    // Rounded at every step as tf.div and tf.mul round, for the same bits.
    gradFunc: (dy: tf.Tensor) => tf.mul(tf.fill(values.shape, Math.fround(1 / Math.fround(divisor))), dy),
  }))(values) as tf.Scalar;
}
