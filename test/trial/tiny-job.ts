import type { TrialConfig } from '../../src/plan/trial-config.js';
import type { TrialJob } from '../../src/trial/events.js';
import { lossConfig, modelConfig, optimizerConfig, trainConfig } from '../train/configs.js';

/** A trial on `reviews.csv` (see `tinyReviews`) in `folder`. */
export function tinyJob(folder: string, settings: Partial<TrialConfig> = {}): TrialJob {
  const config: TrialConfig = {
    task: 'classification',
    data: {
      source: { file: 'reviews.csv' },
      format: 'csv',
      train: null,
      validation: null,
      test: null,
      match: '\\.txt$',
      columns: { text: 'text', label: 'label' },
      header: true,
      delimiter: 'comma',
      encoding: 'utf-8',
      labels: null,
      max_examples: null,
      max_tokens: null,
      split: { train: 48, validation: null, test: 16, shuffle: true, seed: 0 },
      text: { lowercase: true, replace: [], lines: null },
      tokens: { type: 'words', pattern: "[\\p{L}\\p{N}']+", language: null },
      vocabulary: { size: null, min_count: 1, unknown: 'index', padding: true },
      sequence: {
        length: 6,
        pad: 'end',
        truncate: 'end',
        packed: false,
        bucket: false,
        partition: 'sequential',
        random_offset: true,
      },
    },
    model: modelConfig({ pooling: 'max' }),
    loss: lossConfig({}),
    optimizer: optimizerConfig({ lr: 0.02 }),
    train: trainConfig({ epochs: 4 }),
    metrics: ['accuracy', 'f1', 'confusion_matrix', 'roc_auc'],
    generate: null,
    engine: { name: 'cpu', device: 'any', variant: null },
    ...settings,
  };
  return {
    schema: 1,
    trial: { id: '001-base-s0', arm: '001-base', seed: 0, config, hash: 'f00d' },
    working_directory: folder,
  };
}

/** A language-model trial on the characters of `text.txt` in `folder`. */
export function languageModelJob(folder: string): TrialJob {
  const { data } = tinyJob(folder).trial.config;
  return tinyJob(folder, {
    task: 'language-model',
    data: {
      ...data,
      source: { file: 'text.txt' },
      format: 'text',
      split: { train: 0.8, validation: null, test: 0.2, shuffle: false, seed: 0 },
      tokens: { ...data.tokens, type: 'characters' },
      vocabulary: { ...data.vocabulary, padding: false },
      sequence: { ...data.sequence, length: 8 },
    },
    model: modelConfig({ embedding: 'one_hot', hidden: 16 }),
    optimizer: optimizerConfig({ lr: 0.05 }),
    train: trainConfig({ epochs: 8, batch_size: 4, clip_norm: 1 }),
    metrics: ['perplexity', 'bits_per_character'],
    generate: { prefixes: ['AB'], length: 10, temperature: 0, top_k: null },
  });
}

/** 64 short reviews whose second word says it all. */
export function tinyReviews(): string {
  const words = { pos: ['good', 'fine', 'great', 'lovely'], neg: ['bad', 'poor', 'awful', 'dull'] };
  const nouns = ['film', 'plot', 'cast', 'score', 'book', 'song', 'play', 'show'];
  const rows = Object.entries(words).flatMap(([label, adjectives]) =>
    adjectives.flatMap((adjective) => nouns.map((noun) => `a ${adjective} ${noun} it was,${label}`)),
  );
  return `text,label\n${rows.map((row) => `"${row.replace(',', '",')}`).join('\n')}\n`;
}
