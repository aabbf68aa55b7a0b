import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/** What may follow a linear layer within its kernel. */
export type LinearActivation = 'none' | 'relu' | 'tanh' | 'sigmoid';

/** activation(x·Wᵀ + b): x [..., I], weight [O, I], bias [O] or null → [..., O] (PyTorch's nn.Linear). */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D | null,
  activation: LinearActivation = 'none',
): tf.Tensor {
  const [outputs, inputs] = weight.shape;
  const rows = x.rank === 2 ? (x as tf.Tensor2D) : (tf.reshape(x, [-1, inputs]) as tf.Tensor2D);
  const result = hasKernel(KERNEL.linear)
    ? fused(rows, weight, bias, activation)
    : COMPOSED[activation](composed(rows, weight, bias));
  return x.rank === 2 ? result : tf.reshape(result, [...x.shape.slice(0, -1), outputs]);
}

function composed(rows: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor2D {
  const product = tf.matMul(rows, weight, false, true) as tf.Tensor2D;
  return bias === null ? product : (tf.add(product, bias) as tf.Tensor2D);
}

const COMPOSED: { readonly [activation in LinearActivation]: (x: tf.Tensor2D) => tf.Tensor2D } = {
  none: (x) => x,
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
};

function fused(
  rows: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D | null,
  activation: LinearActivation,
): tf.Tensor2D {
  const operands: tf.Tensor[] = bias === null ? [rows, weight] : [rows, weight, bias];
  return tf.customGrad((...values: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const inputs = values.slice(0, operands.length) as tf.Tensor[];
    const value = runKernel(KERNEL.linear, inputs, { activation })[0]!;
    (values[operands.length] as tf.GradSaveFunc)([inputs[0]!, inputs[1]!, ...(activation === 'none' ? [] : [value])]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(KERNEL.linearGradient, [dy, ...saved], { bias: bias !== null, activation }),
    };
  })(...operands) as tf.Tensor2D;
}
