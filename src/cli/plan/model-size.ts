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

/** Sizes of models from their configurations alone; that of the last one is kept, since columns ask for it in turn. */
export function modelSizer(dataOf: (config: TrialConfig) => DataFacts): (config: TrialConfig) => ModelSize | null {
  let last: { readonly config: TrialConfig; readonly size: ModelSize | null } | null = null;
  return (config) => {
    if (last?.config !== config) last = { config, size: sizeOf(config, dataOf(config)) };
    return last.size;
  };
}

function sizeOf(config: TrialConfig, { vocabulary, classes, length, cached }: DataFacts): ModelSize | null {
  const outputs = outputsOf(config, vocabulary, classes);
  if (vocabulary === null || outputs === null) return null;
  const every_step = config.task === 'language-model' || config.loss.type === 'ctc';
  const sizes = { vocabulary, outputs, every_step, batch: config.train.batch_size, time: length };
  const { parameters, total_bytes } = estimateMemory(config, sizes);
  return { parameters, memory_bytes: total_bytes, exact: cached !== null };
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
