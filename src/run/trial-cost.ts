import type { TrialConfig } from '../plan/trial-config.js';

const GATES = { rnn: 1, gru: 3, lstm: 4 } as const;
/** Where the data's size is not in the configuration; trials of one pipeline mostly share their data. */
const UNKNOWN_EXAMPLES = 10_000;
const UNKNOWN_TOKENS = 200_000;
const UNKNOWN_VOCABULARY = 10_000;

/** Roughly how much a trial computes, in multiplications: good for telling long trials from short ones. */
export function trialCost(config: TrialConfig): number {
  const { data, model, train } = config;
  const { tokens, batches } = epochSize(config);
  const vocabulary = data.vocabulary.size ?? UNKNOWN_VOCABULARY;
  const width = model.embedding === 'one_hot' ? 0 : model.embedding.dim;
  // The optimizer passes over the whole embedding at every batch.
  const perUpdate = width * vocabulary;
  const slowness = model.implementation === 'unrolled' ? 3 : 1;
  return train.epochs * (tokens * perToken(config, width) * slowness + batches * perUpdate);
}

/** The same for one training step. */
export function stepCost(config: TrialConfig): number {
  return trialCost(config) / (config.train.epochs * epochSize(config).batches);
}

function epochSize({ task, data, train }: TrialConfig): { readonly tokens: number; readonly batches: number } {
  const examples = sizeOf(data.split?.train) ?? data.max_examples ?? UNKNOWN_EXAMPLES;
  const tokens = task === 'classification' ? examples * data.sequence.length : (data.max_tokens ?? UNKNOWN_TOKENS);
  const perBatch = train.batch_size * (task === 'classification' ? 1 : data.sequence.length);
  return { tokens, batches: (task === 'classification' ? examples : tokens) / perBatch };
}

function perToken({ model }: TrialConfig, width: number): number {
  const directions = model.bidirectional ? 2 : 1;
  let sum = 0;
  let input = width;
  for (let layer = 0; layer < model.layers; layer++) {
    sum += directions * GATES[model.cell] * model.hidden * (input + model.hidden);
    input = directions * (model.projection ?? model.hidden);
  }
  return sum;
}

/** A split's size where it is a count, not a share. */
function sizeOf(split: number | null | undefined): number | null {
  return typeof split === 'number' && split > 1 ? split : null;
}
