import type { OptimizerConfig } from '../../plan/trial-config.js';

/** The names of what an optimiser remembers per parameter, under torch.optim's names, in the order of OptimizerTensors. */
export function slotNames(config: OptimizerConfig): readonly string[] {
  switch (config.type) {
    case 'sgd':
      return config.momentum > 0 ? ['momentum_buffer'] : [];
    case 'adam':
    case 'adamw':
      return ['exp_avg', 'exp_avg_sq'];
    case 'rmsprop':
      return config.momentum > 0 ? ['square_avg', 'momentum_buffer'] : ['square_avg'];
    case 'adagrad':
      return ['sum'];
  }
}
