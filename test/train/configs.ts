import type {
  LossConfig,
  ModelConfig,
  OptimizerConfig,
  ScheduleConfig,
  TrainConfig,
} from '../../src/plan/trial-config.js';
import { modelConfig as exampleModel } from '../model/example-config.js';

/** The planner's defaults, as tests need them. */

export function lossConfig(settings: Partial<LossConfig>): LossConfig {
  return {
    type: 'cross_entropy',
    class_weights: null,
    smoothing: 0.1,
    pos_weight: 1,
    margin: 1,
    gamma: 2,
    ...settings,
  };
}

export function scheduleConfig(settings: Partial<ScheduleConfig>): ScheduleConfig {
  return {
    type: 'constant',
    step_size: 1,
    gamma: 0.1,
    min_lr: 0,
    metric: 'validation.loss',
    patience: 10,
    warmup_steps: 0,
    ...settings,
  };
}

export function optimizerConfig(settings: Partial<OptimizerConfig>): OptimizerConfig {
  return {
    type: 'adam',
    lr: 0.001,
    momentum: 0,
    nesterov: false,
    betas: [0.9, 0.999],
    alpha: 0.99,
    eps: 1e-8,
    weight_decay: 0,
    schedule: scheduleConfig({}),
    ...settings,
  };
}

export function trainConfig(settings: Partial<TrainConfig>): TrainConfig {
  return {
    epochs: 1,
    batch_size: 8,
    shuffle: true,
    drop_last: false,
    carry_state: true,
    clip_norm: null,
    clip_value: null,
    accumulate: 1,
    evaluate_every: 1,
    early_stopping: null,
    timeout: null,
    ...settings,
  };
}

/** A small fused model. */
export function modelConfig(settings: Partial<ModelConfig>): ModelConfig {
  const embedding = { dim: 8, pretrained: null, freeze: false, dropout: 0 };
  return exampleModel({ implementation: 'fused', embedding, hidden: 8, ...settings });
}
