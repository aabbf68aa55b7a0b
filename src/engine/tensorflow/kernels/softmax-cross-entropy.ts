import type { tf } from '../../../tf.js';
import type { CrossEntropyOptions } from '../../ops/softmax-cross-entropy.js';
import { type Handle, type Ops, withOps } from './ops.js';

/** Logits [R, C] and labels [R] → the losses [R] and their gradient [R, C]. */
export function softmaxCrossEntropy(
  { logits }: { logits: tf.TensorInfo },
  options: CrossEntropyOptions & { labels: Int32Array },
): tf.TensorInfo[] {
  return withOps((ops) => {
    const { loss, gradient } = options.smoothing === 0 ? plain(ops, logits, options) : smoothed(ops, logits, options);
    return [ops.keep(loss), ops.keep(gradient)];
  });
}

/** dy [R] and the losses' gradient [R, C] → the logits' [R, C]. */
export function softmaxCrossEntropyGradient({
  dy,
  gradient,
}: {
  dy: tf.TensorInfo;
  gradient: tf.TensorInfo;
}): tf.TensorInfo[] {
  return withOps((ops) => [ops.keep(ops.one('Mul', [ops.of(gradient), column(ops, ops.of(dy))]))]);
}

interface LossAndGradient {
  readonly loss: Handle;
  readonly gradient: Handle;
}

type Options = CrossEntropyOptions & { labels: Int32Array };

/** One op for both; class weights multiply whole rows. */
function plain(ops: Ops, logits: tf.TensorInfo, { labels, class_weights }: Options): LossAndGradient {
  const operands = [ops.of(logits), ops.ints(labels, [labels.length])];
  const [loss, gradient] = ops.many('SparseSoftmaxCrossEntropyWithLogits', operands, [], 2) as [Handle, Handle];
  if (class_weights === null) return { loss, gradient };
  const weights = ops.floats(
    Float32Array.from(labels, (label) => class_weights[label]!),
    [labels.length],
  );
  return { loss: ops.one('Mul', [loss, weights]), gradient: ops.one('Mul', [gradient, column(ops, weights)]) };
}

/** Loss −Σ t·log p and gradient p·Σt − t, for targets t that need not add up to one. */
function smoothed(ops: Ops, logits: tf.TensorInfo, { labels, class_weights, smoothing }: Options): LossAndGradient {
  const [rows, classes] = logits.shape as [number, number];
  const target = new Float32Array(rows * classes).fill(smoothing / classes);
  for (let r = 0; r < rows; r++) target[r * classes + labels[r]!]! += 1 - smoothing;
  if (class_weights !== null) for (let n = 0; n < target.length; n++) target[n]! *= class_weights[n % classes]!;
  const x = ops.of(logits);
  const t = ops.floats(target, [rows, classes]);
  const sum = (value: Handle, keep: boolean): Handle =>
    ops.one('Sum', [value, ops.ints(Int32Array.of(1), [1])], [ops.attribute.bool('keep_dims', keep)]);
  return {
    loss: ops.one('Neg', [sum(ops.one('Mul', [t, ops.one('LogSoftmax', [x])]), false)]),
    gradient: ops.one('Sub', [ops.one('Mul', [ops.one('Softmax', [x]), sum(t, true)]), t]),
  };
}

function column(ops: Ops, x: Handle): Handle {
  return ops.one('ExpandDims', [x, ops.ints(Int32Array.of(1), [])]);
}
