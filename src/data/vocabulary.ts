import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { Vocabulary } from './dataset.js';

const PADDING_TOKEN = '<pad>';
const UNKNOWN_TOKEN = '<unk>';

/** Texts as numbers of a token store, in data order. */
export interface TokenSpans {
  /** All texts' tokens. */
  readonly ids: Int32Array;
  /** [N]: where each text begins and ends. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A vocabulary and how a token store's numbers become its indices. */
export interface IndexedVocabulary {
  readonly vocabulary: Vocabulary;
  /** Number in the token store → index, or −1 for tokens to be dropped. */
  readonly index: Int32Array;
}

/**
 * The most frequent tokens of the training texts, ties in order of first appearance in the data. Padding comes first
 * (index 0), then the unknown token, then the words; the size does not count these two.
 */
export function buildVocabulary(
  tokens: readonly string[],
  training: TokenSpans,
  config: DataConfig['vocabulary'],
): IndexedVocabulary {
  const specials = [...(config.padding ? [PADDING_TOKEN] : []), ...(config.unknown === 'index' ? [UNKNOWN_TOKEN] : [])];
  const kept = mostFrequent(tokens, training, config, new Set(specials));
  if (kept.length === 0) {
    throw new DataError('The training texts have no token for the vocabulary.', {
      code: 'DATA_EMPTY',
      hint: 'Check `data.tokens`, `data.text` and `data.vocabulary.min_count`.',
    });
  }
  const padding = config.padding ? 0 : null;
  const unknown = config.unknown === 'index' ? specials.length - 1 : null;
  const index = new Int32Array(tokens.length).fill(unknown ?? -1);
  kept.forEach((number, rank) => {
    index[number] = specials.length + rank;
  });
  return { vocabulary: { tokens: [...specials, ...kept.map((number) => tokens[number]!)], padding, unknown }, index };
}

/** Numbers of the tokens to keep, most frequent first. A word of the data that reads like a special token is not kept. */
function mostFrequent(
  tokens: readonly string[],
  { ids, starts, ends }: TokenSpans,
  { size, min_count }: DataConfig['vocabulary'],
  specials: ReadonlySet<string>,
): readonly number[] {
  const counts = new Int32Array(tokens.length);
  const firstSeen = new Int32Array(tokens.length);
  let seen = 0;
  for (let row = 0; row < starts.length; row++) {
    const end = ends[row]!;
    for (let i = starts[row]!; i < end; i++) {
      const number = ids[i]!;
      if (counts[number]!++ === 0) firstSeen[number] = seen++;
    }
  }
  const numbers: number[] = [];
  counts.forEach((count, number) => {
    if (count >= Math.max(1, min_count) && !specials.has(tokens[number]!)) numbers.push(number);
  });
  numbers.sort((a, b) => counts[b]! - counts[a]! || firstSeen[a]! - firstSeen[b]!);
  return size === null ? numbers : numbers.slice(0, size);
}
