import type { tf } from '../../../tf.js';
import type { FusedKernel, Shape3 } from './kernel.js';

interface Lengths {
  /** [B], or null for all of T. */
  readonly lengths: Int32Array | null;
}

/** [B, T, F] → values [B, F] and the step of each (int32). */
export const maxOverTime: FusedKernel<{ x: tf.TensorInfo }, Lengths> = (backend, { x }, { lengths }) => {
  const [batch, time, features] = x.shape as unknown as Shape3;
  const output = backend.allocate([batch, features]);
  const steps = backend.allocateInt([batch, features]);
  backend.withArray(lengths, (pointer) =>
    backend.library.maxOverTime({
      batch,
      time,
      features,
      lengths: pointer,
      input: backend.pointer(x),
      output: output.pointer,
      position: steps.pointer,
    }),
  );
  return [output.info, steps.info];
};

export const maxOverTimeGradient: FusedKernel<{ dy: tf.TensorInfo; steps: tf.TensorInfo }, { shape: Shape3 }> = (
  backend,
  { dy, steps },
  { shape },
) => {
  const [batch, time, features] = shape;
  const gradient = backend.allocate(shape);
  backend.library.maxOverTimeBackward({
    batch,
    time,
    features,
    outputGradient: backend.pointer(dy),
    position: backend.pointer(steps),
    gradient: gradient.pointer,
  });
  return [gradient.info];
};

/** [B, T, F] → [B, F]. */
export const meanOverTime: FusedKernel<{ x: tf.TensorInfo }, Lengths> = (backend, { x }, { lengths }) => {
  const [batch, time, features] = x.shape as unknown as Shape3;
  const output = backend.allocate([batch, features]);
  backend.withArray(lengths, (pointer) =>
    backend.library.meanOverTime({
      batch,
      time,
      features,
      lengths: pointer,
      input: backend.pointer(x),
      output: output.pointer,
    }),
  );
  return [output.info];
};

export const meanOverTimeGradient: FusedKernel<{ dy: tf.TensorInfo }, Lengths & { readonly shape: Shape3 }> = (
  backend,
  { dy },
  { lengths, shape },
) => {
  const [batch, time, features] = shape;
  const gradient = backend.allocate(shape);
  backend.withArray(lengths, (pointer) =>
    backend.library.meanOverTimeBackward({
      batch,
      time,
      features,
      lengths: pointer,
      outputGradient: backend.pointer(dy),
      gradient: gradient.pointer,
    }),
  );
  return [gradient.info];
};
