/** Run as a process of its own: times training steps of the StepRequest on its standard input, and prints a StepTiming. */

import { text } from 'node:stream/consumers';
import { startEngine } from '../engine/start-engine.js';
import { createModel } from '../model/create-model.js';
import type { Model } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { randomStream } from '../random/stream.js';
import type { StepRequest, StepTiming } from '../run/time-engine.js';
import { classifierTask } from '../train/classifier-task.js';
import { headOutputs } from '../train/head-outputs.js';
import { languageModelTask } from '../train/language-model-task.js';
import { createLoss } from '../train/losses/create-loss.js';
import type { Loss } from '../train/losses/loss.js';
import type { Outcome } from '../train/outcome.js';
import { train } from '../train/train.js';

/** Where the configuration does not say, because the data does. */
const UNKNOWN = { words: 20_000, characters: 100, classes: 2 };
/** How long steps are timed, after one that is not. */
const TRAIN_MILLISECONDS = 2000;
const EVALUATE_MILLISECONDS = 400;

process.stdout.write(`${JSON.stringify(await timing(JSON.parse(await text(process.stdin)) as StepRequest))}\n`);

async function timing(request: StepRequest): Promise<StepTiming> {
  try {
    const { device } = await startEngine(request.config.engine);
    const startup_seconds = performance.now() / 1000;
    const { outcome, evaluated } = await trainMadeUp(request);
    const timed = outcome.epochs[1];
    if (timed === undefined) return { works: false, reason: `its steps ended as ${outcome.stop?.state}` };
    return {
      works: true,
      steps_per_second: timed.batches_per_second,
      evaluations_per_second: evaluated() / Math.max(timed.evaluate_seconds, 1e-6),
      startup_seconds,
      device,
    };
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Two epochs of the product's own training on made-up tokens: one step, then as many as the time holds. */
async function trainMadeUp({
  config,
  sizes,
}: StepRequest): Promise<{ readonly outcome: Outcome; readonly evaluated: () => number }> {
  const { task, data } = config;
  const settings = withoutVectors(config.model);
  const isLanguageModel = task === 'language-model';
  const vocabulary = sizes?.vocabulary ?? data.vocabulary.size ?? UNKNOWN[data.tokens.type];
  const classes = isLanguageModel ? vocabulary : (sizes?.classes ?? UNKNOWN.classes);
  const loss = createLoss(config.loss, classes);
  const outputs = headOutputs(settings, loss);
  const every_step = isLanguageModel || loss.every_step;
  const model = createModel(settings, { vocabulary, outputs, every_step }, 0);
  const options = {
    config: {
      optimizer: { ...config.optimizer, schedule: { ...config.optimizer.schedule, type: 'constant' as const } },
      train: { ...unlimited(config.train), epochs: 2, evaluate_every: 1, early_stopping: null },
    },
    model,
    context: { now: () => performance.now(), deadline: null, signal: new AbortController().signal, emit: () => {} },
    checkpoints: null,
  };
  const passes = madeUpPasses();
  const made: MadeUp = { config, model, loss, vocabulary, classes, time: sizes?.time ?? data.sequence.length, passes };
  const outcome = isLanguageModel
    ? await train({ ...options, task: languageModel(made) })
    : await train({ ...options, task: classifier(made) });
  return { outcome, evaluated: passes.evaluated };
}

/** Read from no file: steps cost the same whatever the numbers are. */
function withoutVectors(model: TrialConfig['model']): TrialConfig['model'] {
  const { embedding } = model;
  return embedding === 'one_hot' ? model : { ...model, embedding: { ...embedding, pretrained: null } };
}

function unlimited({ max_batches: _, ...train }: TrialConfig['train']): TrialConfig['train'] {
  return train;
}

interface MadeUp {
  readonly config: TrialConfig;
  readonly model: Model;
  readonly loss: Loss;
  readonly vocabulary: number;
  readonly classes: number;
  /** T: steps of a row. */
  readonly time: number;
  readonly passes: Passes;
}

function classifier({ config, model, loss, vocabulary, classes, time, passes }: MadeUp) {
  const { size, ids } = tokens(config, vocabulary, time);
  const labels = Int32Array.from({ length: size }, (_, b) => b % classes);
  const batch = { size, time, ids, labels, lengths: new Int32Array(size).fill(time) };
  return classifierTask({
    model,
    loss,
    classes: Array.from({ length: classes }, (_, n) => String(n)),
    metrics: [],
    packed: config.data.sequence.packed,
    evaluated: ['test'],
    trainingBatches: (epoch) => ({ count: 1, batches: passes.training(batch, epoch) }),
    evaluationBatches: () => ({ count: 1, batches: passes.evaluation(batch) }),
  });
}

function languageModel({ config, model, loss, vocabulary, time, passes }: MadeUp) {
  const { size, ids } = tokens(config, vocabulary, time);
  const batch = { size, time, ids, targets: ids, resets_state: true };
  return languageModelTask({
    model,
    loss,
    metrics: [],
    carry_state: false,
    evaluated: ['test'],
    trainingBatches: (epoch) => ({ count: 1, batches: passes.training(batch, epoch) }),
    evaluationBatches: () => ({ count: 1, batches: passes.evaluation(batch) }),
  });
}

function tokens({ train }: TrialConfig, vocabulary: number, time: number) {
  const stream = randomStream({ seed: 0, purpose: 'timing' });
  const size = train.batch_size;
  // By Zipf's law, so that about as many are different as in real texts, and the rest is not computed twice.
  const ids = Int32Array.from({ length: size * time }, () => Math.floor(vocabulary ** stream.uniform()) - 1);
  return { size, ids };
}

interface Passes {
  training<B>(batch: B, epoch: number): Iterable<B>;
  evaluation<B>(batch: B): Iterable<B>;
  /** Batches of the last evaluation. */
  evaluated(): number;
}

/** Once in the first epoch, then until the time is over. */
function madeUpPasses(): Passes {
  let warm = false;
  let count = 0;
  return {
    training: (batch, epoch) => repeated(batch, epoch === 0 ? 0 : TRAIN_MILLISECONDS),
    *evaluation(batch) {
      count = 0;
      for (const again of repeated(batch, warm ? EVALUATE_MILLISECONDS : 0)) {
        count++;
        yield again;
      }
      warm = true;
    },
    evaluated: () => count,
  };
}

function* repeated<B>(batch: B, milliseconds: number): Iterable<B> {
  const until = performance.now() + milliseconds;
  do yield batch;
  while (performance.now() < until);
}
