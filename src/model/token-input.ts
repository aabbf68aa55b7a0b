import { dropout, gatherRows } from '../engine/ops.js';
import type { DirectionWeights, LayerInput } from '../engine/recurrent-layer.js';
import { tf } from '../tf.js';
import { expandRows } from './expand-rows.js';
import type { ModelInput } from './model.js';
import { uniqueTokens } from './unique-tokens.js';

/** One-hot rows wider than this are not built: the first layer reads the columns of its weights instead. */
const WIDEST_ONE_HOT = 512;

export interface TokenInputOptions {
  /** V. */
  readonly vocabulary: number;
  /** The embedding table [V, E], or null for one-hot input. */
  readonly table: tf.Tensor2D | null;
  /** Dropout on the token vectors: 0 outside training. */
  readonly dropout: number;
  readonly seed: number;
  readonly step: number;
}

export interface TokenInput {
  readonly input: LayerInput;
  /** The first layer's weights as this input needs them. */
  adapt(weights: DirectionWeights): DirectionWeights;
}

/**
 * What the first layer reads. Equal tokens are equal inputs, so each distinct token of the batch is a row once and
 * positions refer to it; with dropout, equal tokens differ, and every position has a row of its own.
 */
export function tokenInput({ size, time, ids, lengths }: ModelInput, options: TokenInputOptions): TokenInput {
  const { tokens, index } = uniqueTokens(ids, options.vocabulary);
  const positions = (): tf.Tensor2D => tf.tensor2d(index, [size, time], 'int32');
  const { table } = options;
  if (table === null) {
    const { rows, adapt } = oneHot(tokens, options.vocabulary);
    return { input: { size, time, rows, index: positions(), lengths }, adapt };
  }
  const distinct = gatherRows(table, tokens);
  if (options.dropout === 0) {
    return { input: { size, time, rows: distinct, index: positions(), lengths }, adapt: unchanged };
  }
  const stream = { seed: options.seed, purpose: 'dropout:embedding', index: options.step };
  const rows = dropout(expandRows(distinct, index), options.dropout, stream);
  return { input: { size, time, rows, index: null, lengths }, adapt: unchanged };
}

/**
 * One-hot rows [U, V]. For a large vocabulary that would be mostly zeros times weights nobody asked for: with
 * x = e_v, x·Wᵀ = e_u·(W's columns of the batch's tokens)ᵀ, so the rows become the identity [U, U].
 */
function oneHot(tokens: Int32Array, vocabulary: number): { rows: tf.Tensor2D; adapt: TokenInput['adapt'] } {
  if (vocabulary <= WIDEST_ONE_HOT) {
    const values = new Float32Array(tokens.length * vocabulary);
    tokens.forEach((token, n) => {
      values[n * vocabulary + token] = 1;
    });
    return { rows: tf.tensor2d(values, [tokens.length, vocabulary]), adapt: unchanged };
  }
  return {
    rows: tf.eye(tokens.length),
    adapt: (weights) => ({
      ...weights,
      weight_ih: tf.transpose(gatherRows(tf.transpose(weights.weight_ih), tokens)),
    }),
  };
}

function unchanged(weights: DirectionWeights): DirectionWeights {
  return weights;
}
