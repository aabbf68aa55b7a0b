import { tf } from '../../tf.js';
import type { KernelLibrary } from '../kernels/library.js';
import { KERNEL } from '../ops/kernel-names.js';
import { FusedBackend } from './backend.js';
import { drawNormal } from './kernels/draw-normal.js';
import { dropoutMask } from './kernels/dropout-mask.js';
import { ELEMENTWISE } from './kernels/elementwise.js';
import { gatherRows, gatherRowsGradient } from './kernels/gather-rows.js';
import type { FusedKernel } from './kernels/kernel.js';
import { linear, linearGradient } from './kernels/linear.js';
import { batchMatMul } from './kernels/matmul.js';
import { meanLoss, meanLossGradient } from './kernels/mean-loss.js';
import { optimizerStep, squaredNorm } from './kernels/optimizer-step.js';
import { maxOverTime, maxOverTimeGradient, meanOverTime, meanOverTimeGradient } from './kernels/pooling.js';
import { recurrent, recurrentGradient, registerRecurrentGradient } from './kernels/recurrent.js';
import { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './kernels/softmax-cross-entropy.js';

/** Makes a tfjs backend of a kernel library, under the library's name, and makes it current. */
export async function registerFusedEngine(library: KernelLibrary): Promise<void> {
  const backendName = library.name;
  if (tf.findBackendFactory(backendName) === null) {
    registerCpuKernels(backendName);
    registerOwnKernels(backendName);
    if (tf.getGradient(KERNEL.recurrent) === undefined) {
      registerRecurrentGradient(KERNEL.recurrent, KERNEL.recurrentGradient);
    }
  } else {
    tf.removeBackend(backendName);
  }
  tf.registerBackend(backendName, () => new FusedBackend(library));
  await tf.setBackend(backendName);
}

/** All of tfjs's CPU kernels, on guard against results that are views of memory that will be used again. */
function registerCpuKernels(backendName: string): void {
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (Object.values<string>(KERNEL).includes(kernel.kernelName)) continue;
    tf.registerKernel({
      ...kernel,
      backendName,
      kernelFunc: (call) => {
        const result = kernel.kernelFunc(call);
        for (const tensor of Array.isArray(result) ? result : [result]) (call.backend as FusedBackend).detach(tensor);
        return result;
      },
    });
  }
}

function registerOwnKernels(backendName: string): void {
  const ofTfjs = { BatchMatMul: batchMatMul, ...ELEMENTWISE };
  for (const kernelName of Object.keys(ofTfjs)) tf.unregisterKernel(kernelName, backendName);
  const kernels: Record<string, FusedKernel<never, never>> = {
    ...ofTfjs,
    [KERNEL.drawNormal]: drawNormal,
    [KERNEL.dropoutMask]: dropoutMask,
    [KERNEL.gatherRows]: gatherRows,
    [KERNEL.gatherRowsGradient]: gatherRowsGradient,
    [KERNEL.linear]: linear,
    [KERNEL.linearGradient]: linearGradient,
    [KERNEL.maxOverTime]: maxOverTime,
    [KERNEL.maxOverTimeGradient]: maxOverTimeGradient,
    [KERNEL.meanLoss]: meanLoss,
    [KERNEL.meanLossGradient]: meanLossGradient,
    [KERNEL.meanOverTime]: meanOverTime,
    [KERNEL.meanOverTimeGradient]: meanOverTimeGradient,
    [KERNEL.recurrent]: recurrent,
    [KERNEL.recurrentGradient]: recurrentGradient,
    [KERNEL.softmaxCrossEntropy]: softmaxCrossEntropy,
    [KERNEL.softmaxCrossEntropyGradient]: softmaxCrossEntropyGradient,
    [KERNEL.optimizerStep]: optimizerStep,
    [KERNEL.squaredNorm]: squaredNorm,
  };
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const results = kernel(backend as FusedBackend, inputs as never, attrs as never);
        return results.length === 1 ? results[0]! : results;
      },
    });
  }
}
