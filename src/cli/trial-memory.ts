import type { Trial } from '../plan/plan.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { estimateMemory } from '../train/memory-estimate.js';

interface EngineMemory {
  /** Of a worker with its engine and its data, before it holds a model. */
  readonly process: number;
  /** What a step holds, as a multiple of what it has to: step by step, every intermediate result is a tensor of its own. */
  readonly fused: number;
  readonly unrolled: number;
}

/**
 * Measured at their peak: IMDB's shapes with 64 and 256 features, RNN, GRU and LSTM, Linux on x86-64, Node 20. TensorFlow
 * alone takes 0.39 GB, and its allocator keeps what single steps let go of.
 */
const OURS: EngineMemory = { process: 120e6, fused: 1, unrolled: 5.5 };
const MEMORY: Readonly<Record<TrialConfig['engine']['name'], EngineMemory>> = {
  auto: OURS,
  native: OURS,
  wasm: OURS,
  webgpu: OURS,
  cpu: { ...OURS, fused: 5.5 },
  tensorflow: { process: 450e6, fused: 9, unrolled: 9 },
};
/** Where the configuration does not say, because the data does. */
const UNKNOWN = { vocabulary: 20_000, outputs: 2 };

/** The bytes that a trial's worker needs, from its configuration alone. */
export function trialMemory({ config }: Trial): number {
  const { task, data, model, train } = config;
  const vocabulary = data.vocabulary.size ?? UNKNOWN.vocabulary;
  const languageModel = task === 'language-model';
  const { parameter_bytes, activation_bytes } = estimateMemory(config, {
    vocabulary,
    outputs: model.head.outputs ?? (languageModel ? vocabulary : UNKNOWN.outputs),
    every_step: languageModel || config.loss.type === 'ctc',
    batch: train.batch_size,
    time: data.sequence.length,
  });
  const engine = MEMORY[config.engine.name];
  return engine.process + parameter_bytes + engine[model.implementation] * activation_bytes;
}
