import { tf } from '../../tf.js';
import { deviceName } from './device.js';
import { loadTensorflow } from './load.js';
import type { TensorflowAnswer } from './try-engine.js';

/** Loads the engine that lies in a folder, multiplies, and says what TensorFlow calculated on; throws where it does not load. */
export async function selfTest(folder: string): Promise<TensorflowAnswer> {
  const { installation, backend } = await loadTensorflow(folder);
  const size = 37;
  const a = tf.tidy(() => tf.reshape(tf.mod(tf.range(0, size * size), 13), [size, size]));
  const product = tf.tidy(() => tf.sum(tf.matMul(a, a)).dataSync()[0]!);
  const values = a.dataSync();
  let expected = 0;
  for (let k = 0; k < size; k++) {
    let column = 0;
    let row = 0;
    for (let n = 0; n < size; n++) {
      column += values[n * size + k]!;
      row += values[k * size + n]!;
    }
    expected += column * row;
  }
  if (Math.abs(product - expected) > 1e-3 * expected) return { works: false, reason: 'its matrix product is wrong' };
  const gpu = backend.isUsingGpuDevice;
  return {
    works: true,
    variant: installation.tensorflow,
    gpu,
    device: await deviceName(gpu, installation),
    warnings: gpu ? await cudnnWarnings() : [],
  };
}

async function cudnnWarnings(): Promise<string[]> {
  if (process.env.SWEEPLINE_CUDNN === 'off') return ['cuDNN is not used: SWEEPLINE_CUDNN is off'];
  const { checkCudnn, describeUnfit } = await import('./cudnn/choose-layer.js');
  return describeUnfit(checkCudnn());
}
