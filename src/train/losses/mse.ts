import { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';
import { oneHot } from './rows.js';

/** `F.mse_loss(softmax(logits), one_hot(labels))`: the squared differences, averaged over classes and samples. */
export function meanSquaredError({ classes }: { readonly classes: number }): Loss {
  return completeLoss({
    outputs: classes,
    values: (logits, labels) =>
      tf
        .softmax(logits as tf.Tensor2D)
        .sub(oneHot(labels, logits.shape[1]!))
        .square()
        .mean(1) as tf.Tensor1D,
  });
}
