import { TrainError } from '../errors.js';
import type { ModelSizes } from '../model/model.js';
import { modelShape, type ParameterCounts, parameterCounts } from '../model/parameters.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { slotNames } from './optimizers/slots.js';

export interface EstimateSizes extends ModelSizes {
  /** B: the texts or windows of the largest batch. */
  readonly batch: number;
  /** T: the longest row. */
  readonly time: number;
}

export interface MemoryEstimate {
  readonly parameters: number;
  /** Parameters with their gradients, the optimiser's memory and kept best weights. */
  readonly parameter_bytes: number;
  /** What one training step holds at most, forward and backward. */
  readonly activation_bytes: number;
  readonly total_bytes: number;
}

const FLOAT = 4;

/** The memory that a training needs besides the process and its data, from sizes alone. */
export function estimateMemory(config: TrialConfig, sizes: EstimateSizes): MemoryEstimate {
  const counts = parameterCounts(config.model, sizes);
  const parameter_bytes = FLOAT * parameterFloats(config, counts);
  const activation_bytes = FLOAT * activationFloats(config, sizes);
  return { parameters: counts.all, parameter_bytes, activation_bytes, total_bytes: parameter_bytes + activation_bytes };
}

/** @throws TrainError when the estimate exceeds the machine's (or container's) memory. */
export function refuseOverflow(estimate: MemoryEstimate, memory_bytes: number): void {
  if (estimate.total_bytes <= memory_bytes) return;
  const { total_bytes, parameter_bytes, activation_bytes } = estimate;
  throw new TrainError(
    `expected a training that fits in memory (${gibibytes(memory_bytes)}), found one that needs about ` +
      `${gibibytes(total_bytes)}: ${gibibytes(parameter_bytes)} for parameters and the optimizer, ` +
      `${gibibytes(activation_bytes)} for a batch`,
    {
      code: 'TRAIN_MEMORY',
      hint:
        activation_bytes > parameter_bytes
          ? 'make train.batch_size, data.sequence.length or model.hidden smaller'
          : 'make model.hidden, model.layers, model.embedding.dim or data.vocabulary.size smaller',
    },
  );
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function parameterFloats({ optimizer, train }: TrialConfig, { all, trainable }: ParameterCounts): number {
  const gradients = train.accumulate > 1 ? 2 : 1;
  const best = train.early_stopping?.restore_best === true ? 1 : 0;
  return all * (1 + best) + trainable * (gradients + slotNames(optimizer).length);
}

/** Per layer and step the gates, states and outputs, once forwards and once as gradients; the tokens' rows; the logits. */
function activationFloats({ model }: TrialConfig, sizes: EstimateSizes): number {
  const shape = modelShape(model, sizes);
  const { batch, time, vocabulary, outputs, every_step } = sizes;
  const steps = batch * time;
  const layer = steps * (shape.directions * model.hidden * (2 * shape.gates + 2) + 2 * shape.output);
  const positions = model.embedding !== 'one_hot' && model.embedding.dropout > 0 ? steps : Math.min(steps, vocabulary);
  // Wide one-hot rows are not built: the weights' columns are read instead.
  const width = model.embedding === 'one_hot' ? Math.min(vocabulary, 512) : shape.input;
  const head =
    (every_step ? steps : batch) * (outputs * 3 + model.head.hidden.reduce((sum, size) => sum + 2 * size, 0));
  return model.layers * layer + 2 * positions * width + head;
}
