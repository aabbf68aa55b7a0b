import type { Trial } from '../plan/plan.js';
import { estimateMemory } from '../train/memory-estimate.js';

/** A worker with its engine, before it holds a model or data. */
const PROCESS_BYTES = 150e6;
/** Where the configuration does not say, because the data does. */
const UNKNOWN = { vocabulary: 20_000, outputs: 2 };

/** The bytes that a trial's worker needs, from its configuration alone. */
export function trialMemory({ config }: Trial): number {
  const { task, data, model, train } = config;
  const vocabulary = data.vocabulary.size ?? UNKNOWN.vocabulary;
  const languageModel = task === 'language-model';
  const { total_bytes } = estimateMemory(config, {
    vocabulary,
    outputs: model.head.outputs ?? (languageModel ? vocabulary : UNKNOWN.outputs),
    every_step: languageModel || config.loss.type === 'ctc',
    batch: train.batch_size,
    time: data.sequence.length,
  });
  return PROCESS_BYTES + total_bytes;
}
