import type { DataConfig } from '../plan/trial-config.js';
import type { IndexedVocabulary, TokenSpans } from './vocabulary.js';

export interface EncodedRows {
  /** [N, T], row-major, padded. */
  readonly ids: Int32Array;
  /** [N]: tokens that are not padding, at least 1. */
  readonly lengths: Int32Array;
}

/**
 * Texts as rows of T token indices, cut and padded at the ends that `sequence` names. Without a padding index, rows
 * are filled with index 0. A text without tokens becomes one padding token of length 1, since a packed sequence
 * cannot be empty (PyTorch's pack_padded_sequence refuses length 0).
 */
export function encodeRows(
  { ids, starts, ends }: TokenSpans,
  { vocabulary, index }: IndexedVocabulary,
  sequence: DataConfig['sequence'],
): EncodedRows {
  const time = sequence.length;
  const rows = new Int32Array(starts.length * time).fill(vocabulary.padding ?? 0);
  const lengths = new Int32Array(starts.length);
  const kept = new Int32Array(time);
  for (let row = 0; row < starts.length; row++) {
    const count =
      sequence.truncate === 'end'
        ? firstTokens(ids, starts[row]!, ends[row]!, index, kept)
        : lastTokens(ids, starts[row]!, ends[row]!, index, kept);
    // The kept tokens lie at the front of `kept`, or at its end when the front of the text was cut.
    const from = sequence.truncate === 'end' ? 0 : time - count;
    const to = row * time + (sequence.pad === 'end' ? 0 : time - count);
    rows.set(kept.subarray(from, from + count), to);
    lengths[row] = Math.max(1, count);
  }
  return { ids: rows, lengths };
}

/** A running text as token indices, without those to be dropped. */
export function encodeStream(ids: Int32Array, { index }: IndexedVocabulary): Int32Array {
  const encoded = new Int32Array(ids.length);
  let count = 0;
  for (let i = 0; i < ids.length; i++) {
    const value = index[ids[i]!]!;
    if (value >= 0) encoded[count++] = value;
  }
  return encoded.slice(0, count);
}

function firstTokens(ids: Int32Array, start: number, end: number, index: Int32Array, kept: Int32Array): number {
  let count = 0;
  for (let i = start; i < end && count < kept.length; i++) {
    const value = index[ids[i]!]!;
    if (value >= 0) kept[count++] = value;
  }
  return count;
}

function lastTokens(ids: Int32Array, start: number, end: number, index: Int32Array, kept: Int32Array): number {
  let count = 0;
  for (let i = end - 1; i >= start && count < kept.length; i--) {
    const value = index[ids[i]!]!;
    if (value >= 0) kept[kept.length - ++count] = value;
  }
  return count;
}
