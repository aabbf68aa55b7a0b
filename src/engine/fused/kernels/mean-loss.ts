import type { tf } from '../../../tf.js';
import type { FusedKernel } from './kernel.js';

interface Divided {
  readonly divisor: number;
}

/** losses [R] → their sum divided by `divisor`, rounded as tfjs's Sum and RealDiv round. */
export const meanLoss: FusedKernel<{ losses: tf.TensorInfo }, Divided> = (backend, { losses }, { divisor }) => {
  let sum = 0;
  for (const loss of backend.valuesOf(losses)) sum += loss;
  return [backend.makeTensorInfo([], 'float32', Float32Array.of(Math.fround(sum) / Math.fround(divisor)))];
};

/** The gradient of the mean → that of every loss [R]. */
export const meanLossGradient: FusedKernel<{ dy: tf.TensorInfo }, Divided & { readonly shape: readonly [number] }> = (
  backend,
  { dy },
  { divisor, shape },
) => {
  const { info, values } = backend.allocate(shape);
  values.fill(Math.fround(1 / Math.fround(divisor)) * backend.valuesOf(dy)[0]!);
  return [info];
};
