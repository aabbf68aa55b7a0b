import type { cpuBackend } from '../../tf.js';
import { tf } from '../../tf.js';
import { KERNEL } from '../ops/kernel-names.js';
import type { OptimizerHyper } from '../optimizer-step.js';
import { updateInPlace } from './update-in-place.js';

/** Makes tfjs's own CPU backend current, with the in-place optimizer steps that training needs. */
export async function registerCpuEngine(): Promise<void> {
  await tf.setBackend('cpu');
  // The backend greets Node users with an advertisement on its first tensor.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  if (tf.getKernel(KERNEL.optimizerStep, 'cpu') !== undefined) return;
  tf.registerKernel({
    kernelName: KERNEL.optimizerStep,
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const [parameter, gradient, ...slots] = (inputs as unknown as tf.TensorInfo[]).map((t) => values(backend, t));
      updateInPlace(parameter!, gradient!, slots, attrs as unknown as OptimizerHyper);
      return [];
    },
  });
  tf.registerKernel({
    kernelName: KERNEL.squaredNorm,
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend }) => {
      const total = values(backend, inputs.gradient as tf.TensorInfo).reduce((sum, g) => sum + g * g, 0);
      return (backend as cpuBackend.MathBackendCPU).makeTensorInfo([], 'float32', Float32Array.of(total));
    },
  });
}

/** The array behind a tensor, not a copy. */
function values(backend: unknown, tensor: tf.TensorInfo): Float32Array {
  return (backend as cpuBackend.MathBackendCPU).data.get(tensor.dataId).values as Float32Array;
}
