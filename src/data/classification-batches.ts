import { randomStream, shuffle } from '../random/stream.js';
import type { ClassificationBatch } from './batch.js';
import type { ClassificationSplit } from './dataset.js';

export interface ClassificationBatchOptions {
  readonly batch_size: number;
  /** False for evaluation: data order. */
  readonly shuffle: boolean;
  /** Leave out a last batch that is not full. */
  readonly drop_last: boolean;
  readonly seed: number;
  /** From 0: every epoch has an order of its own. */
  readonly epoch: number;
  /** Where the rows' padding is. Default: `end`. */
  readonly padding?: 'end' | 'start';
  /** Texts of similar length together, in batches of random order, each cut to its longest text. */
  readonly bucket?: boolean;
  /** Cut each batch to its longest text, and have rows begin with their texts: padding takes no part. */
  readonly packed?: boolean;
}

/**
 * One epoch of batches of at most B texts: ids [B, T], lengths and labels [B]. The order is drawn from the stream
 * `order` at the epoch's number, so every arm of a seed sees the same batches. Without `shuffle`, rows come in data
 * order (buckets only take effect with `shuffle`).
 */
export function* classificationBatches(
  split: ClassificationSplit,
  options: ClassificationBatchOptions,
): Generator<ClassificationBatch> {
  const { padding = 'end', bucket = false, packed = false } = options;
  const layout: Layout = { padding, trim: bucket || packed, aligned: packed && padding === 'start' };
  const batches = divide(rowOrder(split, options), options);
  for (const rows of options.shuffle && bucket ? dealOut(batches, options) : batches) yield gather(split, rows, layout);
}

/** How many batches an epoch of `count` texts has. */
export function batchCount(
  { count }: { readonly count: number },
  { batch_size, drop_last }: { readonly batch_size: number; readonly drop_last: boolean },
): number {
  return drop_last ? Math.floor(count / batch_size) : Math.ceil(count / batch_size);
}

/** Batches whose texts are sorted by length together, as torchtext's bucketing does. */
const BUCKET_BATCHES = 100;

function rowOrder(split: ClassificationSplit, options: ClassificationBatchOptions): Int32Array {
  const { count, lengths } = split;
  const order = Int32Array.from({ length: count }, (_, row) => row);
  if (!options.shuffle) return order;
  shuffle(order, randomStream({ seed: options.seed, purpose: 'order', index: options.epoch }));
  if (options.bucket !== true) return order;
  const chunk = BUCKET_BATCHES * options.batch_size;
  for (let start = 0; start < count; start += chunk) {
    // Array.prototype.sort is stable: texts of one length stay in shuffled order.
    const sorted = Array.from(order.subarray(start, start + chunk)).sort((a, b) => lengths[a]! - lengths[b]!);
    order.set(sorted, start);
  }
  return order;
}

function divide(order: Int32Array, options: ClassificationBatchOptions): Int32Array[] {
  const { batch_size } = options;
  const count = batchCount({ count: order.length }, options);
  return Array.from({ length: count }, (_, i) => order.subarray(i * batch_size, (i + 1) * batch_size));
}

/** The batches in random order; a last one that is not full stays last. */
function dealOut(batches: readonly Int32Array[], options: ClassificationBatchOptions): readonly Int32Array[] {
  const full = batches.filter((rows) => rows.length === options.batch_size);
  const order = full.map((_, i) => i);
  shuffle(order, randomStream({ seed: options.seed, purpose: 'order.buckets', index: options.epoch }));
  return [...order.map((i) => full[i]!), ...batches.slice(full.length)];
}

interface Layout {
  /** Where the split's padding is. */
  readonly padding: 'end' | 'start';
  /** Whether rows are cut to the longest of them. */
  readonly trim: boolean;
  /** Whether padding at the start goes to the end: a packed text takes the first steps of its row. */
  readonly aligned: boolean;
}

function gather(split: ClassificationSplit, rows: Int32Array, { padding, trim, aligned }: Layout): ClassificationBatch {
  const size = rows.length;
  const width = split.count === 0 ? 0 : split.ids.length / split.count;
  const lengths = rows.map((row) => split.lengths[row]!);
  const time = trim ? lengths.reduce((most, length) => Math.max(most, length), 1) : width;
  const skip = padding === 'start' ? width - time : 0;
  const ids = new Int32Array(size * time);
  for (let i = 0; i < size; i++) {
    const row = split.ids.subarray(rows[i]! * width, (rows[i]! + 1) * width);
    const own = aligned ? lengths[i]! : time;
    const from = aligned ? width - own : skip;
    ids.set(row.subarray(from, from + own), i * time);
    if (own < time) ids.fill(row[0]!, i * time + own, (i + 1) * time);
  }
  return { size, time, ids, lengths, labels: rows.map((row) => split.labels[row]!) };
}
