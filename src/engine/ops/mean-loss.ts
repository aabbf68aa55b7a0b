import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/**
 * The losses [R] of a batch added up and divided by `divisor`: a scalar. The gradient is the same for every sample, so
 * it is one array, where tfjs's tape would divide, reshape and multiply with ones in turn.
 */
export function meanLoss(values: tf.Tensor1D, divisor: number): tf.Scalar {
  const { mean, gradient } = hasKernel(KERNEL.meanLoss) ? FUSED : COMPOSED;
  return tf.customGrad((losses: tf.Tensor | tf.GradSaveFunc) => ({
    value: mean(losses as tf.Tensor1D, divisor),
    gradFunc: (dy: tf.Tensor) => gradient(dy, values.shape, divisor),
  }))(values) as tf.Scalar;
}

interface MeanLoss {
  mean(losses: tf.Tensor1D, divisor: number): tf.Tensor;
  /** [R], from the gradient of the mean. */
  gradient(dy: tf.Tensor, shape: readonly [number], divisor: number): tf.Tensor;
}

const FUSED: MeanLoss = {
  mean: (losses, divisor) => runKernel(KERNEL.meanLoss, { losses }, { divisor })[0]!,
  gradient: (dy, shape, divisor) => runKernel(KERNEL.meanLossGradient, { dy }, { shape, divisor })[0]!,
};

const COMPOSED: MeanLoss = {
  mean: (losses, divisor) => tf.div(tf.sum(losses), divisor),
  // Rounded at every step as tf.div and tf.mul round, for the same bits.
  gradient: (dy, shape, divisor) => tf.mul(tf.fill([...shape], Math.fround(1 / Math.fround(divisor))), dy),
};
