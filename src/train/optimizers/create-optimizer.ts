import { type OptimizerTensors, optimizerSteps } from '../../engine/optimizer-step.js';
import { TrainError } from '../../errors.js';
import type { OptimizerConfig } from '../../plan/trial-config.js';
import { tf } from '../../tf.js';
import type { Optimizer } from './optimizer.js';
import { slotNames } from './slots.js';

/** torch.optim's optimiser of that name over `parameters`, its memory at zero. */
export function createOptimizer(config: OptimizerConfig, parameters: ReadonlyMap<string, tf.Variable>): Optimizer {
  const names = slotNames(config);
  const slots = new Map<string, tf.Variable>();
  for (const [parameter, variable] of parameters) {
    for (const name of names) slots.set(`${parameter}.${name}`, zerosLike(variable));
  }
  const slotsOf = new Map(
    [...parameters.keys()].map((parameter) => [parameter, names.map((name) => slots.get(`${parameter}.${name}`)!)]),
  );
  let step = 0;

  return {
    apply(gradients, update) {
      step++;
      const updated: OptimizerTensors[] = [];
      for (const [name, parameter] of parameters) {
        const gradient = gradients.get(name);
        if (gradient !== undefined) updated.push({ parameter, gradient, slots: slotsOf.get(name)! });
      }
      optimizerSteps(updated, { ...hyperParameters(config), ...update, step });
    },
    state: () => ({ step, slots }),
    load(loadedStep, values) {
      step = loadedStep;
      for (const [name, slot] of slots) assignSlot(slot, values.get(name), name);
    },
    dispose() {
      for (const slot of slots.values()) slot.dispose();
    },
  };
}

/** What stays the same from update to update. */
function hyperParameters(config: OptimizerConfig) {
  const { type, betas, alpha, eps, momentum, nesterov, weight_decay } = config;
  return { type, betas, alpha, eps, momentum, nesterov, weight_decay };
}

function zerosLike(parameter: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zerosLike(parameter as tf.Tensor), false));
}

function assignSlot(slot: tf.Variable, values: Float32Array | undefined, name: string): void {
  if (values?.length !== slot.size) {
    throw new TrainError(`checkpoint: expected ${slot.size} numbers for ${name}, found ${values?.length ?? 'none'}`, {
      code: 'TRAIN_CHECKPOINT',
      hint: 'the checkpoint belongs to another model or optimiser; remove the checkpoint folder to start anew',
    });
  }
  tf.tidy(() => slot.assign(tf.tensor(values, slot.shape)));
}
