import { DataError } from '../errors.js';
import { randomStream, shuffle } from '../random/stream.js';
import type { LanguageModelBatch } from './batch.js';

export interface LanguageModelBatchOptions {
  readonly batch_size: number;
  /** T: the tokens of a window. */
  readonly steps: number;
  readonly partition: 'sequential' | 'random';
  /** Begin at a random offset below `steps`; false begins at 0, as an evaluation does. */
  readonly random_offset: boolean;
  readonly seed: number;
  /** From 0: every epoch has an offset and an order of its own. */
  readonly epoch: number;
  /** sequential: windows continue those before them. Default: true. */
  readonly carry_state?: boolean;
}

/**
 * One epoch of windows over a running text, ids and targets [B, T], as d2l's `seq_data_iter_sequential` and
 * `seq_data_iter_random`: sequential lays the text in B rows and moves along them; random deals out windows in any
 * order. Offsets come from the stream `offset`, orders from `order`, at the epoch's number. A DataError says so when
 * the text is too short for one batch.
 */
export function* languageModelBatches(
  ids: Int32Array,
  options: LanguageModelBatchOptions,
): Generator<LanguageModelBatch> {
  const offset = startOffset(options);
  const count = batchesFrom(ids.length, offset, options);
  if (count < 1) throw tooShort(ids.length, options, null);
  if (options.partition === 'random') yield* randomBatches(ids, offset, count, options);
  else yield* sequentialBatches(ids, offset, count, options);
}

/** How many batches the epoch has; it may differ by one between epochs, as the offset does. */
export function windowBatchCount(tokens: number, options: LanguageModelBatchOptions): number {
  return Math.max(0, batchesFrom(tokens, startOffset(options), options));
}

/** Throws the DataError of a text that is too short for one batch of an epoch; `split` is what it calls the text. */
export function checkTextLength(tokens: number, options: LanguageModelBatchOptions, split: string): void {
  if (windowBatchCount(tokens, options) < 1) throw tooShort(tokens, options, split);
}

function startOffset({ random_offset, steps, seed, epoch }: LanguageModelBatchOptions): number {
  return random_offset ? randomStream({ seed, purpose: 'offset', index: epoch }).below(steps) : 0;
}

function batchesFrom(tokens: number, offset: number, options: LanguageModelBatchOptions): number {
  const { batch_size, steps, partition } = options;
  // Every token needs one after it as its target.
  const usable = tokens - offset - 1;
  if (partition === 'random') return Math.floor(Math.floor(usable / steps) / batch_size);
  return Math.floor(Math.floor(usable / batch_size) / steps);
}

function* sequentialBatches(
  ids: Int32Array,
  offset: number,
  count: number,
  { batch_size, steps, carry_state = true }: LanguageModelBatchOptions,
): Generator<LanguageModelBatch> {
  const rowLength = Math.floor((ids.length - offset - 1) / batch_size);
  for (let i = 0; i < count; i++) {
    const starts = Array.from({ length: batch_size }, (_, row) => offset + row * rowLength + i * steps);
    yield windows(ids, starts, steps, i === 0 || !carry_state);
  }
}

function* randomBatches(
  ids: Int32Array,
  offset: number,
  count: number,
  { batch_size, steps, seed, epoch }: LanguageModelBatchOptions,
): Generator<LanguageModelBatch> {
  const available = Math.floor((ids.length - offset - 1) / steps);
  const starts = Array.from({ length: available }, (_, i) => offset + i * steps);
  shuffle(starts, randomStream({ seed, purpose: 'order', index: epoch }));
  for (let i = 0; i < count; i++) {
    yield windows(ids, starts.slice(i * batch_size, (i + 1) * batch_size), steps, true);
  }
}

function windows(ids: Int32Array, starts: readonly number[], steps: number, resets: boolean): LanguageModelBatch {
  const inputs = new Int32Array(starts.length * steps);
  const targets = new Int32Array(starts.length * steps);
  starts.forEach((start, row) => {
    inputs.set(ids.subarray(start, start + steps), row * steps);
    targets.set(ids.subarray(start + 1, start + 1 + steps), row * steps);
  });
  return { size: starts.length, time: steps, ids: inputs, targets, resets_state: resets };
}

function tooShort(
  tokens: number,
  { batch_size, steps, random_offset }: LanguageModelBatchOptions,
  split: string | null,
): DataError {
  const text = split === null ? 'The text' : `The ${split} text`;
  // The last token is a target alone.
  const least = batch_size * steps + 1;
  const needed = random_offset ? `up to ${least + steps - 1}` : String(least);
  const several = batch_size > 1;
  const windows = several ? `${batch_size} windows of ${steps} need` : `a window of ${steps} needs`;
  const size = several ? '`train.batch_size` × `data.sequence.length`' : '`data.sequence.length`';
  const why = `${size}, the last target${random_offset ? ' and an offset' : ''}`;
  return new DataError(`${text} has ${tokens} tokens; ${windows} ${needed} (${why}).`, {
    code: 'DATA_SPLIT',
    hint: `Make ${several ? '`train.batch_size` or ' : ''}\`data.sequence.length\` smaller, or the split larger.`,
  });
}
