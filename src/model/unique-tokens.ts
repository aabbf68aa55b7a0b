import { TrainError } from '../errors.js';

export interface UniqueTokens {
  /** [U]: each token of the batch once, in the order of the vocabulary. */
  readonly tokens: Int32Array;
  /** Where each id stands in `tokens`. */
  readonly index: Int32Array;
}

/** The distinct tokens of a batch and each position's place among them; throws TrainError for an id outside the vocabulary. */
export function uniqueTokens(ids: Int32Array, vocabulary: number): UniqueTokens {
  const place = new Int32Array(vocabulary);
  for (const id of ids) {
    if (id < 0 || id >= vocabulary) throw unknownToken(id, vocabulary);
    place[id] = 1;
  }
  let count = 0;
  for (const seen of place) count += seen;
  const tokens = new Int32Array(count);
  for (let id = 0, n = 0; n < count; id++) {
    if (place[id] === 0) continue;
    tokens[n] = id;
    place[id] = n++;
  }
  const index = new Int32Array(ids.length);
  for (let n = 0; n < ids.length; n++) index[n] = place[ids[n]!]!;
  return { tokens, index };
}

function unknownToken(id: number, vocabulary: number): TrainError {
  return new TrainError(`expected token indices from 0 to ${vocabulary - 1}, found ${id}`, {
    code: 'MODEL_TOKEN_INDEX',
    hint: 'the model was built for another vocabulary than the data was encoded with',
  });
}
