import { tf } from '../../tf.js';

/** Our own entries in tfjs's kernel registry. */
export const KERNEL = {
  drawNormal: 'DrawNormal',
  dropoutMask: 'DropoutMask',
  gatherRows: 'GatherRows',
  gatherRowsGradient: 'GatherRowsGradient',
  linear: 'Linear',
  linearGradient: 'LinearGradient',
  maxOverTime: 'MaxOverTime',
  maxOverTimeGradient: 'MaxOverTimeGradient',
  meanLoss: 'MeanLoss',
  meanLossGradient: 'MeanLossGradient',
  meanOverTime: 'MeanOverTime',
  meanOverTimeGradient: 'MeanOverTimeGradient',
  recurrent: 'Recurrent',
  recurrentGradient: 'RecurrentGradient',
  softmaxCrossEntropy: 'SoftmaxCrossEntropy',
  softmaxCrossEntropyGradient: 'SoftmaxCrossEntropyGradient',
  optimizerStep: 'OptimizerStep',
  squaredNorm: 'SquaredNorm',
} as const;

/** Whether the current backend has its own kernel of that name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a kernel of ours; gradients come from the caller's `tf.customGrad` or from `tf.registerGradient`. */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap | readonly tf.Tensor[],
  attributes: object,
): tf.Tensor[] {
  const outputs = tf
    .engine()
    .runKernel(name, inputs as unknown as tf.NamedTensorMap, attributes as unknown as Record<string, number>) as
    | tf.Tensor
    | tf.Tensor[];
  return Array.isArray(outputs) ? outputs : [outputs];
}
