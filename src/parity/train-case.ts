import { createModel } from '../model/create-model.js';
import type { Model } from '../model/model.js';
import type { LossConfig, ModelConfig, OptimizerConfig } from '../plan/trial-config.js';
import { batchGradients } from '../train/batch-gradients.js';
import { createLoss } from '../train/losses/create-loss.js';
import type { Loss } from '../train/losses/loss.js';
import { createOptimizer } from '../train/optimizers/create-optimizer.js';
import { createUpdater, gradientNorm, type Updater } from '../train/updater.js';
import { copyWeights } from '../train/weights.js';
import type { TrainCase } from './case-file.js';
import { type Comparison, compare } from './comparison.js';
import { loadStateDict } from './state-dict.js';
import { oneOf } from './unsupported.js';

/** Trains a case's steps: the loss and gradient norm of every step and the final parameters against PyTorch's. */
export function runTrainCase(example: TrainCase, implementation: ModelConfig['implementation']): Comparison[] {
  const loss = createLoss(lossConfig(example), example.loss === 'bce_with_logits' ? 2 : example.classes);
  const model = createModel(
    modelConfig(example, implementation),
    { vocabulary: example.vocab_size, outputs: example.classes, every_step: loss.every_step },
    0,
  );
  const optimizer = createOptimizer(optimizerConfig(example), model.trainable);
  const updater = createUpdater({ accumulate: 1, clip_norm: example.clip_norm, clip_value: null }, optimizer);
  try {
    loadStateDict(model, example.init);
    const steps = example.losses.map((_, n) => trainStep(example, n, { model, loss, updater }));
    const final = copyWeights(model.parameters);
    return [
      compare(
        'losses',
        steps.map((step) => step.loss),
        example.losses,
      ),
      compare(
        'grad_norms',
        steps.map((step) => step.norm),
        example.grad_norms,
      ),
      ...Object.entries(example.final).map(([name, expected]) =>
        compare(`final.${name}`, final.get(name) ?? [], expected.data),
      ),
    ];
  } finally {
    updater.dispose();
    optimizer.dispose();
    model.dispose();
  }
}

interface Training {
  readonly model: Model;
  readonly loss: Loss;
  readonly updater: Updater;
}

/** One step of the product's own training; the loss before the update and the gradients' norm before clipping. */
function trainStep(
  example: TrainCase,
  step: number,
  { model, loss, updater }: Training,
): { loss: number; norm: number } {
  const [, size, time] = example.inputs.shape as [number, number, number];
  const ids = Int32Array.from(example.inputs.data.slice(step * size * time, (step + 1) * size * time));
  const labels = Int32Array.from(example.labels.data.slice(step * size, (step + 1) * size));
  const batch = batchGradients(model.trainable, () => {
    const { logits } = model.forward({ size, time, ids, lengths: null }, { training: true, step, state: null });
    return { loss: loss.mean(logits, labels), keep: [] };
  });
  const norm = gradientNorm(batch.gradients);
  updater.add(batch.gradients, example.lr);
  return { loss: batch.loss, norm };
}

function modelConfig(example: TrainCase, implementation: ModelConfig['implementation']): ModelConfig {
  return {
    implementation,
    embedding: { dim: example.embedding_dim, pretrained: null, freeze: false, dropout: 0 },
    cell: oneOf(example.cell, ['rnn', 'gru', 'lstm'], 'cell'),
    hidden: example.hidden_size,
    layers: example.num_layers,
    bidirectional: example.bidirectional,
    nonlinearity: 'tanh',
    bias: true,
    dropout: 0,
    projection: null,
    initial_state: 'zeros',
    pooling: oneOf(example.pooling, ['last', 'hidden', 'max', 'mean'], 'pooling'),
    head: { hidden: example.head, activation: 'relu', dropout: 0, outputs: null },
    init: {
      embedding: 'zeros',
      input: 'zeros',
      recurrent: 'zeros',
      bias: 'zeros',
      head: 'zeros',
      head_bias: 'zeros',
      forget_bias: null,
    },
  };
}

function lossConfig(example: TrainCase): LossConfig {
  return {
    type: oneOf(
      example.loss,
      ['cross_entropy', 'label_smoothing', 'nll', 'bce_with_logits', 'mse', 'hinge', 'focal', 'ctc'],
      'loss',
    ),
    class_weights: null,
    smoothing: example.label_smoothing ?? 0,
    pos_weight: 1,
    margin: 1,
    gamma: 2,
  };
}

function optimizerConfig(example: TrainCase): OptimizerConfig {
  const name = oneOf(example.optimizer, ['adam', 'adamw', 'sgd', 'momentum', 'rmsprop', 'adagrad'], 'optimizer');
  return {
    type: name === 'momentum' ? 'sgd' : name,
    lr: example.lr,
    momentum: name === 'momentum' ? 0.9 : 0,
    nesterov: false,
    betas: [0.9, 0.999],
    alpha: 0.99,
    eps: name === 'adagrad' ? 1e-10 : 1e-8,
    weight_decay: example.weight_decay,
    schedule: {
      type: 'constant',
      step_size: 1,
      gamma: 0.1,
      min_lr: 0,
      metric: 'validation.loss',
      patience: 10,
      warmup_steps: 0,
    },
  };
}
