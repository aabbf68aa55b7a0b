import { randomStream, type StreamKey } from '../../random/stream.js';
import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/**
 * Inverted dropout: element i is kept where the stream's i-th uniform is below 1 − probability, and scaled by
 * 1/(1 − probability) (PyTorch's nn.Dropout, with a counter-based mask that every engine draws alike).
 */
export function dropout<T extends tf.Tensor>(x: T, probability: number, stream: StreamKey): T {
  if (probability === 0) return x;
  const mask = hasKernel(KERNEL.dropoutMask)
    ? runKernel(KERNEL.dropoutMask, {}, { shape: x.shape, keep: 1 - probability, stream })[0]!
    : composedMask(x.shape, probability, stream);
  return tf.mul(x, mask) as T;
}

function composedMask(shape: number[], probability: number, key: StreamKey): tf.Tensor {
  const stream = randomStream(key);
  const keep = 1 - probability;
  const scale = 1 / keep;
  const mask = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < mask.length; i++) mask[i] = stream.uniform() < keep ? scale : 0;
  return tf.tensor(mask, shape, 'float32');
}
