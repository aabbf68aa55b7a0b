import { describeModel } from '../../model/describe-model.js';
import type { ModelSizes } from '../../model/model.js';
import type { LossConfig, TrialConfig } from '../../plan/trial-config.js';
import { estimateMemory } from '../../train/memory-estimate.js';
import type { DataFacts } from './plan-data.js';

/** What a model is estimated to need, or null where the data would have to be read first. */
export interface ModelSize {
  readonly parameters: number;
  /** Of the training, besides the process and its data. */
  readonly memory_bytes: number;
  /** Whether the data is known; else the vocabulary is as large as it may be. */
  readonly exact: boolean;
}

/** Sizes of models from their configurations alone; configurations that share their sections are counted once. */
export function modelSizer(dataOf: (config: TrialConfig) => DataFacts): (config: TrialConfig) => ModelSize | null {
  const parameters = new Map<string, number>();
  const ids = new Map<object, number>();
  const idOf = (section: object): number => {
    const id = ids.get(section) ?? ids.size;
    ids.set(section, id);
    return id;
  };
  return (config) => {
    const { vocabulary, classes, length, cached } = dataOf(config);
    const outputs = outputsOf(config, vocabulary, classes);
    if (vocabulary === null || outputs === null) return null;
    const everyStep = config.task === 'language-model' || config.loss.type === 'ctc';
    const sizes: ModelSizes = { vocabulary, outputs, every_step: everyStep };
    const key = `${idOf(config.model)} ${vocabulary} ${outputs} ${everyStep}`;
    let count = parameters.get(key);
    if (count === undefined) {
      count = describeModel(config.model, sizes).parameters;
      parameters.set(key, count);
    }
    const { batch_size: batch } = config.train;
    const { total_bytes } = estimateMemory(config, { ...sizes, batch, time: length });
    return { parameters: count, memory_bytes: total_bytes, exact: cached !== null };
  };
}

/** Outputs of the last layer: what is asked for, else what the loss needs. */
function outputsOf(
  { task, model, loss }: TrialConfig,
  vocabulary: number | null,
  classes: number | null,
): number | null {
  if (model.head.outputs !== null) return model.head.outputs;
  const answers = task === 'language-model' ? vocabulary : classes;
  return answers === null ? null : lossOutputs(loss, answers);
}

function lossOutputs({ type }: LossConfig, classes: number): number {
  if (type === 'bce_with_logits') return 1;
  return type === 'ctc' ? classes + 1 : classes;
}
