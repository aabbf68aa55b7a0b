import { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';
import { oneHot } from './rows.js';

/** `F.multi_margin_loss(margin)`: Σ over the other classes j of max(0, margin − x[y] + x[j]), divided by the classes. */
export function hinge({ classes, margin }: { readonly classes: number; readonly margin: number }): Loss {
  return completeLoss({
    outputs: classes,
    values: (logits, labels) => {
      const x = logits as tf.Tensor2D;
      const target = oneHot(labels, x.shape[1]);
      const labelled = x.mul(target).sum(1, true);
      const violations = tf.relu(x.sub(labelled).add(margin)).mul(tf.sub(1, target));
      return violations.sum(1).div(x.shape[1]) as tf.Tensor1D;
    },
    scores: (logits) => Float32Array.from(logits.dataSync()),
  });
}
