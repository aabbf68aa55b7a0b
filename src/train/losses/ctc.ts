import { tf } from '../../tf.js';
import { completeLoss } from './complete-loss.js';
import { ctcLogLikelihood, ctcOccupancy } from './ctc-lattice.js';
import type { Loss } from './loss.js';
import { argMaxRows } from './rows.js';

/**
 * `nn.CTCLoss` over log-softmax of logits [B, T, C + 1], with the label as a target sequence of one and the last
 * output as the blank (labels keep their numbers; PyTorch's default blank is 0). Predicts the class whose one-label
 * sequence is likeliest. A text too short for its target has an infinite loss, as in PyTorch.
 */
export function ctc({ classes }: { readonly classes: number }): Loss {
  return completeLoss({
    outputs: classes + 1,
    every_step: true,
    values: (logits, labels, lengths = null) =>
      ctcLoss(
        logits as tf.Tensor3D,
        Array.from(labels, (label) => [label]),
        lengths,
      ),
    predict: (logits, lengths = null) => argMaxRows(labelScores(logits as tf.Tensor3D, classes, lengths), classes),
    scores: (logits, lengths = null) => labelScores(logits as tf.Tensor3D, classes, lengths),
  });
}

/**
 * [B]: −log p(target | text) of every row of logits [B, T, K], summed over all alignments (Graves et al. 2006); the
 * last of the K outputs is the blank. Differentiable in the logits.
 */
export function ctcLoss(
  logits: tf.Tensor3D,
  targets: readonly (readonly number[])[],
  lengths: Int32Array | null = null,
): tf.Tensor1D {
  return tf.customGrad((input: tf.Tensor | tf.GradSaveFunc, save: tf.GradSaveFunc | tf.Tensor) => {
    const rows = logRows(input as tf.Tensor3D, lengths);
    const losses = rows.map((row, b) => -ctcLogLikelihood(row.logP, row.outputs, targets[b]!));
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    return {
      value: tf.tensor1d(losses),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const gradient = ctcGradient(saved[0] as tf.Tensor3D, targets, lengths);
        return gradient.mul(dy.reshape([-1, 1, 1]));
      },
    };
  })(logits) as tf.Tensor1D;
}

/** dL/dlogit = softmax − the posterior probability of that output at that step; zero past a text's end. */
function ctcGradient(
  logits: tf.Tensor3D,
  targets: readonly (readonly number[])[],
  lengths: Int32Array | null,
): tf.Tensor3D {
  const [, time, outputs] = logits.shape;
  const gradient = new Float32Array(logits.size);
  logRows(logits, lengths).forEach(({ logP }, b) => {
    const occupancy = ctcOccupancy(logP, outputs, targets[b]!);
    const start = b * time * outputs;
    for (let i = 0; i < logP.length; i++) gradient[start + i] = Math.exp(logP[i]!) - occupancy[i]!;
  });
  return tf.tensor3d(gradient, logits.shape);
}

interface LogRow {
  /** [steps, outputs], in float64: the lattice subtracts nearly equal numbers. */
  readonly logP: Float64Array;
  readonly outputs: number;
}

/** The log-softmax of every text's own steps. */
function logRows(logits: tf.Tensor3D, lengths: Int32Array | null): LogRow[] {
  const [batch, time, outputs] = logits.shape;
  const values = logits.dataSync();
  return Array.from({ length: batch }, (_, b) => {
    const logP = new Float64Array((lengths?.[b] ?? time) * outputs);
    for (let i = 0; i < logP.length; i += outputs) {
      const start = b * time * outputs + i;
      let largest = -Infinity;
      for (let k = 0; k < outputs; k++) largest = Math.max(largest, values[start + k]!);
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += Math.exp(values[start + k]! - largest);
      const logSum = largest + Math.log(sum);
      for (let k = 0; k < outputs; k++) logP[i + k] = values[start + k]! - logSum;
    }
    return { logP, outputs };
  });
}

/** [B, C]: log p of the one-label sequence of every class. */
function labelScores(logits: tf.Tensor3D, classes: number, lengths: Int32Array | null): Float32Array {
  const scores = new Float32Array(logits.shape[0] * classes);
  logRows(logits, lengths).forEach(({ logP, outputs }, b) => {
    for (let c = 0; c < classes; c++) scores[b * classes + c] = ctcLogLikelihood(logP, outputs, [c]);
  });
  return scores;
}
