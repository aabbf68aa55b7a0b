import { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';

/**
 * `nn.BCEWithLogitsLoss(pos_weight)` on one output, x, with the label, y, as 0 or 1:
 * (1 − y)·x + (1 + (pos_weight − 1)·y)·softplus(−x). Predicts class 1 where sigmoid(x) > 0.5.
 */
export function binaryCrossEntropy({ pos_weight }: { readonly pos_weight: number }): Loss {
  return completeLoss({
    outputs: 1,
    values: (logits, labels) => {
      const x = logits.reshape([-1]) as tf.Tensor1D;
      const y = tf.tensor1d(Float32Array.from(labels));
      const negative = x.mul(tf.sub(1, y));
      const positive = softplus(x.neg()).mul(y.mul(pos_weight - 1).add(1));
      return negative.add(positive) as tf.Tensor1D;
    },
    predict: (logits) => Int32Array.from(logits.dataSync(), (x) => (x > 0 ? 1 : 0)),
    scores: (logits) => {
      const x = logits.dataSync();
      const scores = new Float32Array(2 * x.length);
      for (let row = 0; row < x.length; row++) {
        scores[2 * row] = 1 / (1 + Math.exp(x[row]!));
        scores[2 * row + 1] = 1 / (1 + Math.exp(-x[row]!));
      }
      return scores;
    },
  });
}

/** log(1 + eˣ) without overflow, with the sigmoid as its gradient at every x, 0 included. */
function softplus(x: tf.Tensor1D): tf.Tensor1D {
  return tf.softplus(x) as tf.Tensor1D;
}
