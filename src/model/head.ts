import { linear } from '../engine/ops.js';
import type { Activation } from '../plan/trial-config.js';
import { tf } from '../tf.js';

export interface LinearWeights {
  /** [O, I] */
  readonly weight: tf.Tensor2D;
  /** [O] */
  readonly bias: tf.Tensor1D;
}

export interface HeadOptions {
  readonly activation: Activation;
  /** Applied to the input of linear layer n. */
  dropout(x: tf.Tensor2D, n: number): tf.Tensor2D;
}

/** Linear layers with an activation between them: features [R, F] → [R, outputs]. */
export function runHead(features: tf.Tensor2D, layers: readonly LinearWeights[], options: HeadOptions): tf.Tensor2D {
  return layers.reduce((x, { weight, bias }, n) => {
    const activation = n === layers.length - 1 ? 'none' : options.activation;
    const input = options.dropout(x, n);
    if (activation === 'gelu') return gelu(linear(input, weight, bias) as tf.Tensor2D);
    return linear(input, weight, bias, activation) as tf.Tensor2D;
  }, features);
}

/** torch.nn.GELU's default: x·Φ(x), not its tanh approximation. */
function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
