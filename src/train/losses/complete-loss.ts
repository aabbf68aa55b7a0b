import { meanLoss } from '../../engine/ops.js';
import { tf } from '../../tf.js';
import type { Loss, LossParts } from './loss.js';
import { argMaxRows } from './rows.js';

/** Fills in what most losses share: a plain mean over samples, the likeliest class, softmax scores. */
export function completeLoss(parts: LossParts): Loss {
  const divisor = parts.divisor ?? ((labels: Int32Array) => labels.length);
  return {
    outputs: parts.outputs,
    every_step: parts.every_step ?? false,
    values: parts.values,
    divisor,
    mean: (logits, labels, lengths = null) =>
      tf.tidy(() => meanLoss(parts.values(logits, labels, lengths), divisor(labels))),
    predict: parts.predict ?? ((logits) => argMaxRows(logits.dataSync(), logits.shape.at(-1)!)),
    scores: parts.scores ?? ((logits) => tf.tidy(() => Float32Array.from(tf.softmax(logits).dataSync()))),
  };
}
