import { softmaxCrossEntropy } from '../../engine/ops.js';
import type { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';

/**
 * `nn.CrossEntropyLoss(label_smoothing=s)`: the target is 1 − s + s/C at the label and s/C elsewhere
 * (Szegedy et al. 2016, section 7).
 */
export function labelSmoothing({ classes, smoothing }: { readonly classes: number; readonly smoothing: number }): Loss {
  return completeLoss({
    outputs: classes,
    values: (logits, labels) => softmaxCrossEntropy(logits as tf.Tensor2D, labels, { class_weights: null, smoothing }),
  });
}
