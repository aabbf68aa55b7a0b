import type { InitConfig, Initializer, ModelConfig } from '../../src/plan/trial-config.js';

/** A small resolved model configuration; keys given replace the defaults. */
export function modelConfig(changes: Partial<ModelConfig> = {}): ModelConfig {
  return {
    implementation: 'unrolled',
    embedding: { dim: 3, pretrained: null, freeze: false, dropout: 0 },
    cell: 'lstm',
    hidden: 4,
    layers: 1,
    bidirectional: false,
    nonlinearity: 'tanh',
    bias: true,
    dropout: 0,
    projection: null,
    initial_state: 'zeros',
    pooling: 'last',
    head: { hidden: [], activation: 'relu', dropout: 0, outputs: null },
    init: initConfig('pytorch'),
    ...changes,
  };
}

/** One initialiser for every group, with exceptions. */
export function initConfig(all: Initializer, changes: Partial<InitConfig> = {}): InitConfig {
  return {
    embedding: all,
    input: all,
    recurrent: all,
    bias: all,
    head: all,
    head_bias: all,
    forget_bias: null,
    ...changes,
  };
}
