import { tf } from '../../../tf.js';
import { registerFusedLayer } from '../../ops/fused-layer.js';
import { KERNEL } from '../../ops/kernel-names.js';
import type { OptimizerHyper } from '../../optimizer-step.js';
import type { RecurrentLayer } from '../../recurrent-layer.js';
import { maxOverTime, maxOverTimeGradient } from './max-over-time.js';
import { withOps } from './ops.js';
import { optimizerStep } from './optimizer-step.js';
import { tensorflowLayer } from './recurrent-layer.js';
import { softmaxCrossEntropy, softmaxCrossEntropyGradient } from './softmax-cross-entropy.js';

/** Registers our kernels for tfjs-node's backend, once, and `layer` as its recurrent layer. */
export function registerKernels(layer: RecurrentLayer = tensorflowLayer): void {
  registerFusedLayer('tensorflow', layer);
  if (tf.getKernel(KERNEL.optimizerStep, 'tensorflow') !== undefined) return;
  const kernels: Record<string, (inputs: never, attributes: never) => tf.TensorInfo[]> = {
    [KERNEL.optimizerStep]: (inputs: tf.TensorInfo[], hyper: OptimizerHyper) => {
      optimizerStep(inputs, hyper);
      return [];
    },
    [KERNEL.maxOverTime]: maxOverTime,
    [KERNEL.maxOverTimeGradient]: maxOverTimeGradient,
    [KERNEL.softmaxCrossEntropy]: softmaxCrossEntropy,
    [KERNEL.softmaxCrossEntropyGradient]: softmaxCrossEntropyGradient,
    [KERNEL.squaredNorm]: ({ gradient }: { gradient: tf.TensorInfo }) => [squaredNorm(gradient)],
  };
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs }) => {
        const results = kernel(inputs as never, attrs as never);
        return results.length === 1 ? results[0]! : results;
      },
    });
  }
}

/** The sum of squares: TensorFlow's L2Loss is half of it, in one pass. */
function squaredNorm(gradient: tf.TensorInfo): tf.TensorInfo {
  return withOps((ops) => ops.keep(ops.one('Mul', [ops.one('L2Loss', [ops.of(gradient)]), ops.scalar(2)])));
}
