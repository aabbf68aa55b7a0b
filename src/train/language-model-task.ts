import type { LanguageModelBatch } from '../data/batch.js';
import type { Model, RecurrentState } from '../model/model.js';
import type { StoredTensor } from '../model/safetensors.js';
import type { Metric } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import type { SplitName } from '../trial/result.js';
import type { Loss } from './losses/loss.js';
import { languageModelMetrics } from './metrics/split-metrics.js';
import type { Batches, TrainTask } from './train-task.js';

export interface LanguageModelTaskOptions {
  readonly model: Model;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** Whether the state after a window starts the next one. */
  readonly carry_state: boolean;
  readonly evaluated: readonly SplitName[];
  trainingBatches(epoch: number): Batches<LanguageModelBatch>;
  evaluationBatches(split: SplitName): Batches<LanguageModelBatch>;
}

/** A language model as the training loop sees it: every position predicts its next token. */
export function languageModelTask(options: LanguageModelTaskOptions): TrainTask<LanguageModelBatch> {
  const { model, loss, metrics, carry_state } = options;
  const measuresAccuracy = metrics.includes('accuracy');
  let carried: RecurrentState | null = null;
  let retired: RecurrentState | null = null;

  /** Keeps the state's values for the next window; no gradient flows back through them. */
  const carry = (state: RecurrentState): void => {
    for (const tensor of tensorsOf(state)) tf.keep(tensor);
    // The gradient of this window still reads the state that it started from.
    retired = carried;
    carried = state;
  };
  const release = (...states: (RecurrentState | null)[]): null => {
    for (const state of states) if (state !== null) tf.dispose(tensorsOf(state));
    return null;
  };
  const correct = (batch: LanguageModelBatch, logits: tf.Tensor): number | null => {
    if (!measuresAccuracy) return null;
    const predicted = loss.predict(logits);
    return predicted.reduce((count, token, i) => count + (token === batch.targets[i] ? 1 : 0), 0);
  };

  return {
    evaluated: options.evaluated,
    trainingBatches: options.trainingBatches,
    evaluationBatches: options.evaluationBatches,
    forward(batch, { training, step }) {
      retired = release(retired);
      if (batch.resets_state || carried?.h[0]?.shape[0] !== batch.size) carried = release(carried);
      const { size, time, ids, targets } = batch;
      const result = model.forward({ size, time, ids, lengths: null }, { training, step, state: carried });
      const logits = tf.reshape(result.logits, [size * time, -1]);
      if (carry_state) carry(result.state);
      return { logits, values: loss.values(logits, targets), weight: loss.divisor(targets) };
    },
    samples: (batch) => batch.size * batch.time,
    tokens: (batch) => batch.size * batch.time,
    correct,
    trainMetrics: (means) => languageModelMetrics(means, metrics),
    collect: () => ({
      add: correct,
      metrics: (means) => languageModelMetrics(means, metrics),
    }),
    carried: () => (carried === null ? new Map() : storedState(carried)),
    restoreCarried(tensors) {
      retired = release(retired);
      carried = release(carried);
      if (tensors.size > 0) carried = restoredState(tensors);
    },
    dispose() {
      retired = release(retired);
      carried = release(carried);
    },
  };
}

function storedState({ h, c }: RecurrentState): Map<string, StoredTensor> {
  const stored = new Map<string, StoredTensor>();
  for (const [part, tensors] of Object.entries({ h, c: c ?? [] })) {
    for (const [n, tensor] of tensors.entries()) {
      stored.set(`${part}${n}`, { shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) });
    }
  }
  return stored;
}

function restoredState(stored: ReadonlyMap<string, StoredTensor>): RecurrentState {
  const part = (letter: 'h' | 'c'): tf.Tensor2D[] => {
    const tensors: tf.Tensor2D[] = [];
    for (let n = 0; stored.has(`${letter}${n}`); n++) {
      const { data, shape } = stored.get(`${letter}${n}`)!;
      tensors.push(tf.keep(tf.tensor2d(data, shape as [number, number])));
    }
    return tensors;
  };
  const c = part('c');
  return { h: part('h'), c: c.length === 0 ? null : c };
}

function tensorsOf({ h, c }: RecurrentState): tf.Tensor[] {
  return [...h, ...(c ?? [])];
}
