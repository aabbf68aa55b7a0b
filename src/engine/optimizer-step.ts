import type { OptimizerConfig } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import { KERNEL } from './ops/kernel-names.js';

/** The numbers of one optimizer step; all but the last three are torch.optim's. */
export interface OptimizerHyper {
  readonly type: OptimizerConfig['type'];
  readonly lr: number;
  /** From 1: Adam's bias correction. */
  readonly step: number;
  readonly betas: readonly [number, number];
  readonly alpha: number;
  readonly eps: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weight_decay: number;
  /** Multiplies the gradient first (gradient-norm clipping, accumulation). */
  readonly scale: number;
  /** Then limits each element of the gradient to ± this; null for no limit. */
  readonly clip_value: number | null;
}

export interface OptimizerTensors {
  readonly parameter: tf.Variable;
  readonly gradient: tf.Tensor;
  /** sgd: [momentum buffer] with momentum; adam, adamw: [m, v]; rmsprop: [square average, momentum buffer]; adagrad: [sum]. */
  readonly slots: readonly tf.Variable[];
}

/**
 * Updates parameters and their slots in place, each in one pass. Nothing comes out that tfjs would have to track, so the
 * kernel is called without its engine's bookkeeping: a model has many parameters, most of them small.
 */
export function optimizerSteps(tensors: Iterable<OptimizerTensors>, hyper: OptimizerHyper): void {
  const { kernelFunc } = tf.getKernel(KERNEL.optimizerStep, tf.getBackend());
  const backend = tf.backend();
  const attrs = hyper as unknown as tf.NamedAttrMap;
  for (const { parameter, gradient, slots } of tensors) {
    const inputs = [parameter, gradient, ...slots] as unknown as tf.NamedTensorInfoMap;
    kernelFunc({ inputs, attrs, backend });
  }
}

/** The sum of all gradients' squares, each gradient's rounded to a float; like the steps, without tfjs's bookkeeping. */
export function squaredNorm(gradients: Iterable<tf.Tensor>): number {
  const { kernelFunc } = tf.getKernel(KERNEL.squaredNorm, tf.getBackend());
  const backend = tf.backend();
  let sum = 0;
  for (const gradient of gradients) {
    const norm = kernelFunc({ inputs: { gradient }, attrs: {}, backend }) as tf.TensorInfo;
    sum += (backend.readSync(norm.dataId) as Float32Array)[0]!;
    // TensorFlow's kernels give tensors that tfjs counts.
    if (norm instanceof tf.Tensor) norm.dispose();
    else backend.disposeData(norm.dataId);
  }
  return sum;
}
