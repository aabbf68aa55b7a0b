import { tf } from '../tf.js';

export interface BatchLoss {
  /** What is minimised: a scalar. */
  readonly loss: tf.Scalar;
  /** Tensors to keep beyond the gradient; the caller disposes of them. */
  readonly keep: readonly tf.Tensor[];
}

export interface BatchGradients {
  readonly loss: number;
  /** By parameter name, for the parameters that the loss depends on; the caller disposes of them. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
}

/** The value of a loss and its gradient with respect to every parameter in `trainable`. */
export function batchGradients(trainable: ReadonlyMap<string, tf.Variable>, compute: () => BatchLoss): BatchGradients {
  const { value, grads } = tf.variableGrads(() => {
    const { loss, keep } = compute();
    for (const tensor of keep) tf.keep(tensor);
    return loss;
  }, [...trainable.values()]);
  const loss = value.dataSync()[0]!;
  value.dispose();
  const gradients = new Map<string, tf.Tensor>();
  for (const [name, variable] of trainable) {
    const gradient = grads[variable.name];
    if (gradient !== undefined) gradients.set(name, gradient);
  }
  return { loss, gradients };
}
