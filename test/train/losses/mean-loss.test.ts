import { beforeAll, expect, it } from 'vitest';
import { startEngine } from '../../../src/engine/start-engine.js';
import { tf } from '../../../src/tf.js';
import { meanLoss } from '../../../src/train/losses/mean-loss.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

it.each([7, 3.3, 0.1])('value and gradient have the bits of the sum divided by %d', (divisor) => {
  const losses = tf.tensor1d([0.23262198, 1.8110974, 1.0549569, 0.054985214, 3.1]);
  const [mean, plain] = [
    tf.valueAndGrad((x) => meanLoss(x as tf.Tensor1D, divisor))(losses),
    tf.valueAndGrad((x) => x.sum().div(divisor))(losses),
  ];
  expect([...mean!.value.dataSync()]).toEqual([...plain!.value.dataSync()]);
  expect([...mean!.grad.dataSync()]).toEqual([...plain!.grad.dataSync()]);
});
