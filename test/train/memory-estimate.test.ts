import { expect, it } from 'vitest';
import { TrainError } from '../../src/errors.js';
import { estimateMemory, refuseOverflow } from '../../src/train/memory-estimate.js';
import { tinyJob } from '../trial/tiny-job.js';
import { modelConfig, optimizerConfig, trainConfig } from './configs.js';

const sizes = { vocabulary: 20001, outputs: 2, every_step: false, batch: 64, time: 200 };
const { config } = tinyJob('').trial;
const imdb = {
  ...config,
  model: modelConfig({ embedding: { dim: 64, pretrained: null, freeze: false, dropout: 0 }, hidden: 64 }),
};

it('counts parameters with their gradient, the optimiser’s memory and the best weights', () => {
  // Embedding 20001·64, LSTM 256·64·2 + 512, Linear 64·2 + 2.
  const parameters = 20001 * 64 + 2 * 256 * 64 + 2 * 256 + 130;
  expect(estimateMemory(imdb, sizes).parameter_bytes).toBe(4 * parameters * 4);
  const sgd = { ...imdb, optimizer: optimizerConfig({ type: 'sgd' }) };
  expect(estimateMemory(sgd, sizes).parameter_bytes).toBe(4 * parameters * 2);
  const early_stopping = { metric: 'validation.loss', patience: 1, min_delta: 0, restore_best: true };
  const stopping = { ...sgd, train: trainConfig({ early_stopping, accumulate: 2 }) };
  expect(estimateMemory(stopping, sizes).parameter_bytes).toBe(4 * parameters * 4);
});

it('grows with the batch and the length', () => {
  const small = estimateMemory(imdb, sizes).activation_bytes;
  expect(estimateMemory(imdb, { ...sizes, batch: 128 }).activation_bytes).toBeGreaterThan(1.8 * small);
  expect(estimateMemory(imdb, { ...sizes, time: 400 }).activation_bytes).toBeGreaterThan(1.6 * small);
});

it('is refused with its figure when it exceeds the memory', () => {
  const estimate = estimateMemory(imdb, { ...sizes, batch: 1_000_000 });
  expect(() => refuseOverflow(estimate, 2 ** 34)).toThrow(TrainError);
  expect(() => refuseOverflow(estimate, 2 ** 34)).toThrow(
    /^expected a training that fits in memory \(16\.0 GiB\), found one that needs about \d+\.\d GiB: 0\.0 GiB for parameters/,
  );
  expect(() => refuseOverflow(estimateMemory(imdb, sizes), 2 ** 34)).not.toThrow();
});
