import type { Model, RecurrentState } from '../model/model.js';
import type { RandomStream } from '../random/stream.js';
import { tf } from '../tf.js';

export interface GenerateOptions {
  readonly model: Model;
  /** The prefix's tokens: at least one. */
  readonly prefix: Int32Array;
  /** Tokens to add. */
  readonly length: number;
  /** 0 takes the likeliest token; above 0 draws from softmax(logits / temperature). */
  readonly temperature: number;
  /** Draw from the k likeliest tokens only; null for all. */
  readonly top_k: number | null;
  readonly stream: RandomStream;
}

/** Continues a prefix token by token as d2l's predict does: the state is warmed on the prefix, then fed its own output. */
export function generateTokens({ model, prefix, length, ...choice }: GenerateOptions): Int32Array {
  const generated = new Int32Array(length);
  let state: RecurrentState | null = null;
  let ids = prefix;
  for (let n = 0; n < length; n++) {
    const before: RecurrentState | null = state;
    const step = advance(model, ids, before);
    if (before !== null) release(before);
    state = step.state;
    const token = chooseToken(step.logits, choice);
    generated[n] = token;
    ids = Int32Array.of(token);
  }
  if (state !== null) release(state);
  return generated;
}

/** Feeds tokens to the model; the logits after the last one and the kept state. */
function advance(
  model: Model,
  ids: Int32Array,
  state: RecurrentState | null,
): { readonly logits: Float32Array; readonly state: RecurrentState } {
  let after: RecurrentState | null = null;
  let last = new Float32Array();
  tf.tidy(() => {
    const input = { size: 1, time: ids.length, ids, lengths: null };
    const result = model.forward(input, { training: false, step: -1, state });
    const outputs = result.logits.shape.at(-1)!;
    last = Float32Array.from(result.logits.dataSync().subarray(-outputs));
    for (const tensor of [...result.state.h, ...(result.state.c ?? [])]) tf.keep(tensor);
    after = result.state;
  });
  return { logits: last, state: after! };
}

function release({ h, c }: RecurrentState): void {
  tf.dispose([...h, ...(c ?? [])]);
}

export type TokenChoice = Pick<GenerateOptions, 'temperature' | 'top_k' | 'stream'>;

/** The next token from logits [V]: the likeliest, or a draw. */
export function chooseToken(logits: Float32Array, { temperature, top_k, stream }: TokenChoice): number {
  // Likeliest first; equal ones in the order of the vocabulary.
  const order = Int32Array.from(logits, (_, i) => i).sort((a, b) => logits[b]! - logits[a]! || a - b);
  if (temperature === 0) return order[0]!;
  const candidates = order.subarray(0, top_k ?? order.length);
  const largest = logits[order[0]!]!;
  const weights = Float64Array.from(candidates, (token) => Math.exp((logits[token]! - largest) / temperature));
  let rest = stream.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < candidates.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return candidates[i]!;
  }
  return candidates[0]!;
}
