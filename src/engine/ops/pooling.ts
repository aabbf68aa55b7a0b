import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/** The largest value over time: [B, T, F] → [B, F]; with `lengths` [B], over each sequence's own steps. Ties go to the first. */
export function maxOverTime(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor2D {
  if (!hasKernel(KERNEL.maxOverTime)) return composedMax(x, lengths);
  const shape = x.shape;
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc, save: tf.GradSaveFunc | tf.Tensor) => {
    const [maximum, steps] = runKernel(KERNEL.maxOverTime, { x: value as tf.Tensor }, { lengths });
    (save as tf.GradSaveFunc)([steps!]);
    return {
      value: maximum!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runKernel(KERNEL.maxOverTimeGradient, { dy, steps: saved[0]! }, { shape })[0]!,
    };
  })(x) as tf.Tensor2D;
}

/** The mean over time: [B, T, F] → [B, F]; with `lengths` [B], over each sequence's own steps. */
export function meanOverTime(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor2D {
  if (!hasKernel(KERNEL.meanOverTime)) return composedMean(x, lengths);
  const shape = x.shape;
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc) => ({
    value: runKernel(KERNEL.meanOverTime, { x: value as tf.Tensor }, { lengths })[0]!,
    gradFunc: (dy: tf.Tensor) => runKernel(KERNEL.meanOverTimeGradient, { dy }, { lengths, shape })[0]!,
  }))(x) as tf.Tensor2D;
}

/** tf.max's gradient goes to every step that ties; PyTorch's goes to one, so the step is found once and gathered. */
function composedMax(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor2D {
  const [, time] = x.shape;
  // There is nothing to choose, and tf.oneHot refuses a depth of 1.
  if (time === 1) return tf.squeeze(x, [1]);
  const steps = tf.tidy(() => {
    const candidates = lengths === null ? x : tf.where(stepMask(lengths, x.shape), x, tf.fill(x.shape, -Infinity));
    return tf.oneHot(tf.argMax(candidates, 1), time).transpose([0, 2, 1]).toFloat();
  });
  return tf.sum(tf.mul(x, steps), 1) as tf.Tensor2D;
}

function composedMean(x: tf.Tensor3D, lengths: Int32Array | null): tf.Tensor2D {
  if (lengths === null) return tf.mean(x, 1) as tf.Tensor2D;
  const total = tf.sum(tf.mul(x, stepMask(lengths, x.shape).toFloat()), 1);
  return tf.div(total, tf.tensor2d(Float32Array.from(lengths), [lengths.length, 1]));
}

/** [B, T, F], true where the step is one of the sequence's own. */
function stepMask(lengths: Int32Array, [batch, time, features]: [number, number, number]): tf.Tensor3D {
  const own = new Uint8Array(batch * time);
  for (let b = 0; b < batch; b++) own.fill(1, b * time, b * time + lengths[b]!);
  return tf.tile(tf.tensor3d(own, [batch, time, 1], 'bool'), [1, 1, features]);
}
