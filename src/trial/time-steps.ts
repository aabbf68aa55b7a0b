/** Run as a process of its own: times training steps of the configuration on its standard input, and prints a StepTiming. */

import { text } from 'node:stream/consumers';
import { startEngine } from '../engine/start-engine.js';
import { createModel } from '../model/create-model.js';
import type { Model } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { randomStream } from '../random/stream.js';
import type { StepTiming } from '../run/time-engine.js';
import { classifierTask } from '../train/classifier-task.js';
import { languageModelTask } from '../train/language-model-task.js';
import { createLoss } from '../train/losses/create-loss.js';
import type { Loss } from '../train/losses/loss.js';
import type { Outcome } from '../train/outcome.js';
import { train } from '../train/train.js';

/** Where the configuration does not say, because the data does. */
const UNKNOWN = { words: 20_000, characters: 100, outputs: 2 };
/** How long steps are timed, after one that is not. */
const MILLISECONDS = 2000;

process.stdout.write(`${JSON.stringify(await timing(JSON.parse(await text(process.stdin)) as TrialConfig))}\n`);

async function timing(config: TrialConfig): Promise<StepTiming> {
  try {
    const { device } = await startEngine(config.engine);
    const { epochs, stop } = await trainMadeUp(config);
    const rate = epochs[1]?.batches_per_second;
    if (rate === undefined) return { works: false, reason: `its steps ended as ${stop?.state}` };
    return { works: true, steps_per_second: rate, device };
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Two epochs of the product's own training on made-up tokens: one step, then as many as the time holds. */
async function trainMadeUp(config: TrialConfig): Promise<Outcome> {
  const { task, data, model: settings } = config;
  const isLanguageModel = task === 'language-model';
  const vocabulary = data.vocabulary.size ?? UNKNOWN[data.tokens.type];
  const outputs = settings.head.outputs ?? (isLanguageModel ? vocabulary : UNKNOWN.outputs);
  const loss = createLoss(config.loss, outputs);
  const every_step = isLanguageModel || loss.every_step;
  const model = createModel(settings, { vocabulary, outputs, every_step }, 0);
  const options = {
    config: {
      optimizer: { ...config.optimizer, schedule: { ...config.optimizer.schedule, type: 'constant' as const } },
      train: { ...unlimited(config.train), epochs: 2, accumulate: 1, early_stopping: null },
    },
    model,
    context: { now: () => performance.now(), deadline: null, signal: new AbortController().signal, emit: () => {} },
    checkpoints: null,
  };
  const made: MadeUp = { config, model, loss, vocabulary, outputs };
  return isLanguageModel
    ? train({ ...options, task: languageModel(made) })
    : train({ ...options, task: classifier(made) });
}

function unlimited({ max_batches: _, ...train }: TrialConfig['train']): TrialConfig['train'] {
  return train;
}

interface MadeUp {
  readonly config: TrialConfig;
  readonly model: Model;
  readonly loss: Loss;
  readonly vocabulary: number;
  readonly outputs: number;
}

function classifier({ config, model, loss, vocabulary, outputs }: MadeUp) {
  const { size, time, ids } = tokens(config, vocabulary);
  const labels = Int32Array.from({ length: size }, (_, b) => b % outputs);
  const batch = { size, time, ids, labels, lengths: new Int32Array(size).fill(time) };
  return classifierTask({
    model,
    loss,
    classes: Array.from({ length: outputs }, (_, n) => String(n)),
    metrics: [],
    packed: config.data.sequence.packed,
    evaluated: [],
    trainingBatches: (epoch) => ({ count: 1, batches: repeated(batch, epoch) }),
    evaluationBatches: () => ({ count: 0, batches: [] }),
  });
}

function languageModel({ config, model, loss, vocabulary }: MadeUp) {
  const { size, time, ids } = tokens(config, vocabulary);
  const batch = { size, time, ids, targets: ids, resets_state: true };
  return languageModelTask({
    model,
    loss,
    metrics: [],
    carry_state: false,
    evaluated: [],
    trainingBatches: (epoch) => ({ count: 1, batches: repeated(batch, epoch) }),
    evaluationBatches: () => ({ count: 0, batches: [] }),
  });
}

function tokens({ data, train }: TrialConfig, vocabulary: number) {
  const stream = randomStream({ seed: 0, purpose: 'timing' });
  const size = train.batch_size;
  const time = data.sequence.length;
  // By Zipf's law, so that about as many are different as in real texts, and the rest is not computed twice.
  const ids = Int32Array.from({ length: size * time }, () => Math.floor(vocabulary ** stream.uniform()) - 1);
  return { size, time, ids };
}

/** Once in the first epoch, then until the time is over. */
function* repeated<B>(batch: B, epoch: number): Iterable<B> {
  const until = performance.now() + (epoch === 0 ? 0 : MILLISECONDS);
  do yield batch;
  while (performance.now() < until);
}
