import { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';
import { pickLabels } from './rows.js';

/** (1 − p)^γ · −log p with p the label's softmax probability (Lin et al. 2017, equation 4, without α). */
export function focal({ classes, gamma }: { readonly classes: number; readonly gamma: number }): Loss {
  return completeLoss({
    outputs: classes,
    values: (logits, labels) => {
      const logP = pickLabels(tf.logSoftmax(logits as tf.Tensor2D), labels);
      // Rounding can put p above 1 and a power of a negative number is NaN.
      const rest = tf.relu(tf.sub(1, logP.exp()));
      return power(rest as tf.Tensor1D, gamma).mul(logP.neg()) as tf.Tensor1D;
    },
  });
}

/** xᵞ for x ≥ 0; a γ of 0 is exactly 1, with no gradient at 0. */
function power(x: tf.Tensor1D, gamma: number): tf.Tensor1D {
  if (gamma === 0) return tf.onesLike(x);
  if (gamma === 1) return x;
  if (gamma === 2) return x.square();
  // γ < 1 has an infinite gradient at 0; the smallest step of float32 below 1 bounds it.
  return tf.maximum(x, 6e-8).pow(gamma) as tf.Tensor1D;
}
