import { softmaxCrossEntropy } from '../../engine/ops.js';
import type { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import type { Loss } from './loss.js';
import { sumOfLabelWeights } from './rows.js';

export interface CrossEntropyOptions {
  readonly classes: number;
  readonly class_weights: readonly number[] | null;
}

/** `nn.CrossEntropyLoss(weight=class_weights)`. */
export function crossEntropy({ classes, class_weights }: CrossEntropyOptions): Loss {
  return completeLoss({
    outputs: classes,
    values: (logits, labels) => softmaxCrossEntropy(logits as tf.Tensor2D, labels, { class_weights, smoothing: 0 }),
    divisor: (labels) => sumOfLabelWeights(labels, class_weights),
  });
}
