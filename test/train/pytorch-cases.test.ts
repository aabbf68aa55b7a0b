import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../src/engine/start-engine.js';
import { createModel } from '../../src/model/create-model.js';
import { tf } from '../../src/tf.js';
import { batchGradients } from '../../src/train/batch-gradients.js';
import { createLoss } from '../../src/train/losses/create-loss.js';
import { createOptimizer } from '../../src/train/optimizers/create-optimizer.js';
import { createUpdater, gradientNorm } from '../../src/train/updater.js';
import { restoreWeights } from '../../src/train/weights.js';
import { wasmVariants } from '../engine/kernels/libraries.js';
import { lossConfig, modelConfig, optimizerConfig } from './configs.js';

interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface TrainCase {
  readonly cell: 'rnn' | 'gru' | 'lstm';
  readonly vocab_size: number;
  readonly embedding_dim: number;
  readonly hidden_size: number;
  readonly classes: number;
  readonly num_layers: number;
  readonly bidirectional: boolean;
  readonly pooling: 'last' | 'hidden' | 'max' | 'mean';
  readonly head: readonly number[];
  readonly loss: 'cross_entropy' | 'label_smoothing' | 'nll' | 'bce_with_logits' | 'mse' | 'hinge';
  readonly label_smoothing: number | null;
  readonly optimizer: 'adam' | 'adamw' | 'sgd' | 'momentum' | 'rmsprop' | 'adagrad';
  readonly lr: number;
  readonly weight_decay: number;
  readonly clip_norm: number | null;
  readonly inputs: FixtureTensor;
  readonly labels: FixtureTensor;
  readonly init: { readonly [name: string]: FixtureTensor };
  readonly final: { readonly [name: string]: FixtureTensor };
  readonly losses: readonly number[];
  readonly grad_norms: readonly number[];
}

const folder = fileURLToPath(new URL('../fixtures/pytorch/', import.meta.url));
const cases = readdirSync(folder).filter((name) => name.startsWith('train-'));

describe.each([['cpu', null] as const, ...wasmVariants().map((variant) => ['wasm', variant] as const)])(
  'training on %s (%s) agrees with PyTorch 2.13',
  (name, variant) => {
    beforeAll(() => startEngine({ name, device: 'any', variant }));

    it.each(cases)('%s', (file) => {
      const given = JSON.parse(readFileSync(folder + file, 'utf8')) as TrainCase;
      const loss = createLoss(
        lossConfig({
          type: given.loss,
          ...(given.label_smoothing === null ? {} : { smoothing: given.label_smoothing }),
        }),
        Math.max(given.classes, 2),
      );
      const model = createModel(
        modelConfig({
          embedding: { dim: given.embedding_dim, pretrained: null, freeze: false, dropout: 0 },
          cell: given.cell,
          hidden: given.hidden_size,
          layers: given.num_layers,
          bidirectional: given.bidirectional,
          pooling: given.pooling,
          head: { hidden: given.head, activation: 'relu', dropout: 0, outputs: null },
        }),
        { vocabulary: given.vocab_size, outputs: loss.outputs, every_step: false },
        0,
      );
      restoreWeights(
        model.parameters,
        new Map(Object.entries(given.init).map(([name, { data }]) => [name, Float32Array.from(data)])),
      );
      const optimizer = createOptimizer(
        optimizerConfig({
          type: given.optimizer === 'momentum' ? 'sgd' : given.optimizer,
          momentum: given.optimizer === 'momentum' ? 0.9 : 0,
          lr: given.lr,
          eps: given.optimizer === 'adagrad' ? 1e-10 : 1e-8,
          weight_decay: given.weight_decay,
        }),
        model.trainable,
      );
      const updater = createUpdater({ accumulate: 1, clip_norm: given.clip_norm, clip_value: null }, optimizer);
      const [steps, size, time] = given.inputs.shape as [number, number, number];

      for (let step = 0; step < steps; step++) {
        const ids = Int32Array.from(given.inputs.data.slice(step * size * time, (step + 1) * size * time));
        const labels = Int32Array.from(given.labels.data.slice(step * size, (step + 1) * size));
        const { loss: value, gradients } = batchGradients(model.trainable, () => {
          const { logits } = model.forward({ size, time, ids, lengths: null }, { training: true, step, state: null });
          return { loss: loss.mean(logits, labels), keep: [] };
        });
        expectClose([value], [given.losses[step]!], `loss of step ${step}`);
        expectClose([gradientNorm(gradients)], [given.grad_norms[step]!], `gradient norm of step ${step}`);
        updater.add(gradients, given.lr);
      }

      expect([...model.parameters.keys()]).toEqual(Object.keys(given.final));
      for (const [name, variable] of model.parameters) {
        expectClose(variable.dataSync(), given.final[name]!.data, name);
      }
      optimizer.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(0);
    });
  },
);

/** Within 1e-4 of the largest expected magnitude. */
function expectClose(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  const scale = Math.max(...expected.map(Math.abs), 1e-6);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
  expect(worst / scale, what).toBeLessThan(1e-4);
}
