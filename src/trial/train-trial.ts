import { freemem, totalmem } from 'node:os';
import type { Dataset } from '../data/dataset.js';
import { createModel } from '../model/create-model.js';
import { describeModel, type ModelDescription } from '../model/describe-model.js';
import type { ModelSizes } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { type CheckpointStore, checkpointFolder } from '../train/checkpoint.js';
import { encodePrefixes, generateTexts } from '../train/generate-texts.js';
import { headOutputs } from '../train/head-outputs.js';
import { createLoss } from '../train/losses/create-loss.js';
import type { Loss } from '../train/losses/loss.js';
import { estimateMemory, gibibytes, refuseOverflow } from '../train/memory-estimate.js';
import type { Outcome } from '../train/outcome.js';
import { trainClassifier } from '../train/train-classifier.js';
import type { TrainContext } from '../train/train-context.js';
import { trainLanguageModel } from '../train/train-language-model.js';
import { weightsDigest } from '../train/weights.js';
import type { EpochRecord } from './result.js';

export interface TrainTrialOptions {
  readonly config: TrialConfig;
  readonly seed: number;
  readonly dataset: Dataset;
  /** How word vectors are loaded. */
  readonly data: {
    readonly working_directory: string;
    readonly signal: AbortSignal;
    readonly onWarning: (message: string) => void;
    /** The sha256 of their file, if the trial's hash has one. */
    readonly planned_digest: string | null | undefined;
  };
  readonly checkpoints: {
    readonly folder: string;
    readonly hash: string;
    readonly every_seconds: number | null;
    readonly onWarning: (message: string) => void;
    /** Told the epochs that a checkpoint brings back. */
    readonly onResume: (history: readonly EpochRecord[]) => Promise<void>;
  };
  readonly context: TrainContext;
  readonly onModel: (model: ModelDescription) => void;
  /** Told the share of the vocabulary that the pretrained vectors cover. */
  readonly onVectors: (coverage: number) => void;
}

export interface TrainedTrial {
  readonly outcome: Outcome;
  /** Null where nothing was asked for, or the training did not end by itself. */
  readonly generated: readonly { readonly prefix: string; readonly text: string }[] | null;
  readonly predict_seconds: number | null;
  readonly weights_digest: string;
}

/** Builds a trial's model on the current engine, trains it on the loaded data and lets it continue the prefixes. */
export async function trainTrial(options: TrainTrialOptions): Promise<TrainedTrial> {
  const { seed, dataset, data, context } = options;
  const config = measurable(options.config, data.onWarning);
  context.emit({ type: 'phase', phase: 'model' });
  const loss = createLoss(
    config.loss,
    dataset.task === 'classification' ? dataset.classes.length : dataset.vocabulary.tokens.length,
  );
  const sizes = modelSizes(config, dataset, loss);
  checkMemory(config, dataset, sizes, data.onWarning);
  const prefixes =
    config.generate === null ? [] : encodePrefixes(config.generate.prefixes, config.data, dataset.vocabulary);
  options.onModel(describeModel(config.model, sizes));
  const vectors = await pretrained(options);
  if (vectors !== undefined) options.onVectors(vectors.coverage);
  const model = createModel(config.model, sizes, seed, vectors);
  const checkpoints = announcing(checkpointFolder(options.checkpoints), options.checkpoints.onResume);

  const training = { config, seed, model, loss, context, checkpoints };
  const outcome =
    dataset.task === 'classification'
      ? await trainClassifier({ ...training, dataset })
      : await trainLanguageModel({ ...training, dataset });
  const weights_digest = weightsDigest(model.parameters);

  if (config.generate === null || dataset.task !== 'language-model' || outcome.stop !== null) {
    model.dispose();
    return { outcome, generated: null, predict_seconds: null, weights_digest };
  }
  context.emit({ type: 'phase', phase: 'predict' });
  const began = context.now();
  const { generate } = config;
  const { vocabulary } = dataset;
  const generated = generateTexts({ model, prefixes, config: generate, tokens: config.data.tokens, vocabulary, seed });
  model.dispose();
  return { outcome, generated, predict_seconds: (context.now() - began) / 1000, weights_digest };
}

/** Leaves out, with a warning, what cannot be measured on this data. */
function measurable(config: TrialConfig, onWarning: (message: string) => void): TrialConfig {
  const { task, data, metrics } = config;
  if (task !== 'language-model' || data.tokens.type === 'characters') return config;
  if (!metrics.includes('bits_per_character')) return config;
  onWarning('bits_per_character is left out: the tokens are words, not characters');
  return { ...config, metrics: metrics.filter((metric) => metric !== 'bits_per_character') };
}

function modelSizes({ model }: TrialConfig, dataset: Dataset, loss: Loss): ModelSizes {
  return {
    vocabulary: dataset.vocabulary.tokens.length,
    outputs: headOutputs(model, loss),
    every_step: loss.every_step || dataset.task === 'language-model',
  };
}

/** Refuses what the machine cannot hold and warns of what is not free now, before anything is allocated. */
function checkMemory(
  config: TrialConfig,
  dataset: Dataset,
  sizes: ModelSizes,
  onWarning: (message: string) => void,
): void {
  const classification = dataset.task === 'classification';
  const batch = classification ? Math.min(config.train.batch_size, dataset.train.count) : config.train.batch_size;
  const time = classification ? dataset.length : config.data.sequence.length;
  const estimate = estimateMemory(config, { ...sizes, batch, time });
  const limit = process.constrainedMemory?.() ?? 0;
  refuseOverflow(estimate, limit > 0 ? Math.min(limit, totalmem()) : totalmem());
  if (estimate.total_bytes > freemem()) {
    const found = `${gibibytes(estimate.total_bytes)}, and ${gibibytes(freemem())} are free`;
    onWarning(`the training needs about ${found}: it may be killed for want of memory`);
  }
}

/** The embedding's pretrained vectors, or nothing where none are asked for. */
async function pretrained({ config, dataset, data }: TrainTrialOptions) {
  const { embedding } = config.model;
  if (embedding === 'one_hot' || embedding.pretrained === null) return undefined;
  const { loadWordVectors } = await import('../data/word-vectors.js');
  return loadWordVectors(embedding.pretrained, { vocabulary: dataset.vocabulary, dim: embedding.dim, ...data });
}

/** The same store, telling of the epochs that it brings back. */
function announcing(
  store: CheckpointStore,
  onResume: (history: readonly EpochRecord[]) => Promise<void>,
): CheckpointStore {
  return {
    every_seconds: store.every_seconds,
    save: store.save,
    async load(tensors) {
      const state = await store.load(tensors);
      if (state !== null) await onResume(state.history);
      return state;
    },
  };
}
