import { TrainError } from '../errors.js';

export interface UniqueTokens {
  /** [U]: each token of the batch once, in the order of the vocabulary. */
  readonly tokens: Int32Array;
  /** Where each id stands in `tokens`. */
  readonly index: Int32Array;
}

/** Of the largest vocabulary so far: each token's place in the batch, the tokens found, and whether the batch has them. */
let place = new Int32Array(0);
let found = new Int32Array(0);
/** Clear between calls. */
let present = new Uint8Array(0);

/** The distinct tokens of a batch and each position's place among them; throws TrainError for an id outside the vocabulary. */
export function uniqueTokens(ids: Int32Array, vocabulary: number): UniqueTokens {
  if (place.length < vocabulary) {
    place = new Int32Array(vocabulary);
    found = new Int32Array(vocabulary);
    present = new Uint8Array(vocabulary);
  }
  // Loops read constants of their own faster than a module's variables.
  const [at, list, seen] = [place, found, present];
  let end = 0;
  for (let n = 0; n < ids.length; n++) {
    const id = ids[n]!;
    if (id < 0 || id >= vocabulary) {
      seen.fill(0);
      throw unknownToken(id, vocabulary);
    }
    seen[id] = 1;
    if (id >= end) end = id + 1;
  }
  // Every token is written down and the next one overwrites those that the batch has not: no branch to guess wrong.
  let count = 0;
  for (let id = 0; id < end; id++) {
    list[count] = id;
    at[id] = count;
    count += seen[id]!;
  }
  seen.fill(0, 0, end);
  const index = new Int32Array(ids.length);
  for (let n = 0; n < ids.length; n++) index[n] = at[ids[n]!]!;
  return { tokens: list.slice(0, count), index };
}

function unknownToken(id: number, vocabulary: number): TrainError {
  return new TrainError(`expected token indices from 0 to ${vocabulary - 1}, found ${id}`, {
    code: 'MODEL_TOKEN_INDEX',
    hint: 'the model was built for another vocabulary than the data was encoded with',
  });
}
