import { randomStream, type StreamKey } from '../../random/stream.js';
import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/** A tensor of N(0, deviation²), row-major: element i is the stream's i-th normal, the same bits on every engine. */
export function drawNormal<T extends tf.Tensor>(shape: readonly number[], deviation: number, stream: StreamKey): T {
  if (hasKernel(KERNEL.drawNormal)) return runKernel(KERNEL.drawNormal, {}, { shape, deviation, stream })[0] as T;
  const normals = randomStream(stream);
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < values.length; i++) values[i] = deviation * normals.normal();
  return tf.tensor(values, [...shape], 'float32') as T;
}
