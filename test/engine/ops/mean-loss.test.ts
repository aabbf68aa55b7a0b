import { describe, expect, it } from 'vitest';
import { meanLoss } from '../../../src/engine/ops.js';
import { tf } from '../../../src/tf.js';
import { cpuEngine, engineLabel, fusedEngines, useEngine } from '../engines.js';

describe.each([cpuEngine, ...(await fusedEngines())].map((engine) => [engineLabel(engine), engine] as const))(
  'the mean loss on %s',
  (_name, engine) => {
    it.each([7, 3.3, 0.1])('has, like its gradient, the bits of the sum divided by %d', async (divisor) => {
      await useEngine(engine);
      const losses = tf.tensor1d([0.23262198, 1.8110974, 1.0549569, 0.054985214, 3.1]);
      const of = (mean: (x: tf.Tensor1D) => tf.Scalar) => {
        // The loss counts for more than itself, so that the gradient that comes in is not one.
        const { value, grad } = tf.valueAndGrad((x) => mean(x as tf.Tensor1D).mul(0.7))(losses);
        return [value, grad].map((tensor) => [...tensor.dataSync()]);
      };
      expect(of((x) => meanLoss(x, divisor))).toEqual(of((x) => x.sum().div(divisor)));
    });
  },
);
