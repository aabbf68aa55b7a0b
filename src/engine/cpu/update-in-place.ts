import type { OptimizerHyper } from '../optimizer-step.js';

/** One optimizer step over plain arrays, as torch.optim defines it; `slots` as in OptimizerTensors. */
export function updateInPlace(
  parameter: Float32Array,
  gradient: Float32Array,
  slots: readonly Float32Array[],
  hyper: OptimizerHyper,
): void {
  const { lr, eps, alpha, momentum, nesterov, weight_decay: decay, scale, clip_value: limit } = hyper;
  const [beta1, beta2] = hyper.betas;
  const correction1 = 1 - beta1 ** hyper.step;
  const correction2 = Math.sqrt(1 - beta2 ** hyper.step);
  const decoupled = hyper.type === 'adamw';
  const [first, second] = slots;
  for (let n = 0; n < parameter.length; n++) {
    let g = gradient[n]! * scale;
    if (limit !== null) g = Math.min(limit, Math.max(-limit, g));
    let w = parameter[n]!;
    if (decoupled) w *= 1 - lr * decay;
    else g += decay * w;
    switch (hyper.type) {
      case 'sgd': {
        if (first === undefined) {
          w -= lr * g;
        } else {
          const buffer = momentum * first[n]! + g;
          first[n] = buffer;
          w -= lr * (nesterov ? g + momentum * buffer : buffer);
        }
        break;
      }
      case 'adam':
      case 'adamw': {
        const m = beta1 * first![n]! + (1 - beta1) * g;
        const v = beta2 * second![n]! + (1 - beta2) * g * g;
        first![n] = m;
        second![n] = v;
        w -= ((lr / correction1) * m) / (Math.sqrt(v) / correction2 + eps);
        break;
      }
      case 'rmsprop': {
        const average = alpha * first![n]! + (1 - alpha) * g * g;
        first![n] = average;
        const change = g / (Math.sqrt(average) + eps);
        if (second === undefined) {
          w -= lr * change;
        } else {
          const buffer = momentum * second[n]! + change;
          second[n] = buffer;
          w -= lr * buffer;
        }
        break;
      }
      case 'adagrad': {
        const sum = first![n]! + g * g;
        first![n] = sum;
        w -= (lr * g) / (Math.sqrt(sum) + eps);
        break;
      }
    }
    parameter[n] = w;
  }
}
