import * as tf from '@tensorflow/tfjs';

/** x·Wᵀ + b: x [..., I], weight [O, I], bias [O] or null → [..., O] (PyTorch's nn.Linear). */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor {
  const [outputs, inputs] = weight.shape;
  const rows = x.rank === 2 ? (x as tf.Tensor2D) : tf.reshape(x, [-1, inputs]);
  const product = tf.matMul(rows as tf.Tensor2D, weight, false, true);
  const sum = bias === null ? product : tf.add(product, bias);
  return x.rank === 2 ? sum : tf.reshape(sum, [...x.shape.slice(0, -1), outputs]);
}
