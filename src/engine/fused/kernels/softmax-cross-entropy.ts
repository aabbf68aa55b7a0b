import type { tf } from '../../../tf.js';
import type { CrossEntropyOptions } from '../../ops/softmax-cross-entropy.js';
import type { FusedKernel } from './kernel.js';

/** logits [R, C] → losses [R] and their gradient [R, C]. */
export const softmaxCrossEntropy: FusedKernel<
  { logits: tf.TensorInfo },
  CrossEntropyOptions & { readonly labels: Int32Array }
> = (backend, { logits }, { labels, class_weights, smoothing }) => {
  const [rows, classes] = logits.shape as [number, number];
  const losses = backend.allocate([rows]);
  const gradient = backend.allocate([rows, classes]);
  const weights = class_weights === null ? null : Float32Array.from(class_weights);
  backend.withArray(labels, (labelPointer) =>
    backend.withArray(weights, (classWeights) =>
      backend.library.softmaxCrossEntropy({
        rows,
        classes,
        logits: backend.pointer(logits),
        labels: labelPointer,
        classWeights,
        smoothing,
        losses: losses.pointer,
        gradient: gradient.pointer,
      }),
    ),
  );
  return [losses.info, gradient.info];
};

/** dy [R] times each row of the gradient [R, C]. */
export const softmaxCrossEntropyGradient: FusedKernel<{ dy: tf.TensorInfo; gradient: tf.TensorInfo }, object> = (
  backend,
  { dy, gradient },
) => {
  const [rows, classes] = gradient.shape as [number, number];
  const scales = backend.valuesOf(dy) as Float32Array;
  const factors = backend.valuesOf(gradient) as Float32Array;
  const out = backend.allocate([rows, classes]);
  const { values } = out;
  // The gradient of a mean: the same for every row.
  if (areEqual(scales)) {
    values.set(factors);
    backend.library.scale(values.length, out.pointer, scales[0]!);
    return [out.info];
  }
  for (let r = 0, n = 0; r < rows; r++) {
    const scale = scales[r]!;
    for (let c = 0; c < classes; c++, n++) values[n] = factors[n]! * scale;
  }
  return [out.info];
};

function areEqual(values: Float32Array): boolean {
  const [first] = values;
  for (let n = 1; n < values.length; n++) if (values[n] !== first) return false;
  return true;
}
