import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

export interface CrossEntropyOptions {
  /** [C], or null for 1 each. */
  readonly class_weights: readonly number[] | null;
  /** The share of the target spread over all classes. */
  readonly smoothing: number;
}

/**
 * Cross-entropy of each row: logits [R, C] and labels [R] → [R], as torch.nn.functional.cross_entropy with
 * `reduction="none"` (weights apply to the smoothed target too, as there).
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: Int32Array,
  options: CrossEntropyOptions,
): tf.Tensor1D {
  if (!hasKernel(KERNEL.softmaxCrossEntropy)) return composed(logits, labels, options);
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc, save: tf.GradSaveFunc | tf.Tensor) => {
    const [losses, gradient] = runKernel(
      KERNEL.softmaxCrossEntropy,
      { logits: value as tf.Tensor },
      { labels, ...options },
    );
    (save as tf.GradSaveFunc)([gradient!]);
    return {
      value: losses!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(KERNEL.softmaxCrossEntropyGradient, { dy, gradient: saved[0]! }, {})[0]!,
    };
  })(logits) as tf.Tensor1D;
}

function composed(logits: tf.Tensor2D, labels: Int32Array, options: CrossEntropyOptions): tf.Tensor1D {
  const [rows, classes] = logits.shape;
  const target = new Float32Array(rows * classes).fill(options.smoothing / classes);
  for (let r = 0; r < rows; r++) target[r * classes + labels[r]!]! += 1 - options.smoothing;
  const { class_weights: weights } = options;
  if (weights !== null) for (let i = 0; i < target.length; i++) target[i]! *= weights[i % classes]!;
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.tensor2d(target, [rows, classes])), 1)) as tf.Tensor1D;
}
