import { beforeAll, expect, test } from 'vitest';
import { maxOverTime } from '../../../src/engine/ops/pooling.js';
import { startEngine } from '../../../src/engine/start-engine.js';
import { tf } from '../../../src/tf.js';

beforeAll(() => startEngine({ name: 'cpu', device: 'any', variant: null }));

test.each([1, 2])('the composed maximum over %i time steps gives its gradient to the first that has it', (time) => {
  const x = tf.tensor3d([3, -1, 3, -2].slice(0, 2 * time), [1, time, 2]);
  const { value, grad } = tf.valueAndGrad((at) => tf.sum(maxOverTime(at as tf.Tensor3D, null)))(x);
  expect([...value.dataSync()]).toEqual([2]);
  expect([...grad.dataSync()]).toEqual([1, 1, 0, 0].slice(0, 2 * time));
});
