import type { LayerInput } from '../../recurrent-layer.js';

/** Where a direction's steps read and write: step n of sequence b stands in row n·B + b of every time-major matrix. */
export interface LayerOrder {
  /** [T·B]: the position b·T + t that each step reads. */
  readonly source: Int32Array;
  /** [T·B]: the row of the layer's input that each step reads. */
  readonly rows: Int32Array;
  /** [B·T]: the row of the step that computes each position. */
  readonly step: Int32Array;
  /** [B]: the row of each sequence's last step; with lengths, in a matrix that begins with the B initial states. */
  readonly last: Int32Array;
  /** [B·T]: 1 where a position is one of its sequence's own, else 0; null without lengths. */
  readonly own: Float32Array | null;
}

/**
 * The order of a direction: forwards t = n; backwards t = T − 1 − n, or each sequence's own steps from its last one. Steps
 * beyond a sequence's length come after all of its own, so that nothing they compute reaches its state or its gradients.
 */
export function inputOrder({ size, time, index, lengths }: LayerInput, reverse: boolean): LayerOrder {
  const source = new Int32Array(size * time);
  const step = new Int32Array(size * time);
  const last = new Int32Array(size);
  const own = lengths === null ? null : new Float32Array(size * time);
  for (let b = 0; b < size; b++) {
    const length = lengths?.[b] ?? time;
    for (let n = 0; n < time; n++) {
      const t = reverse && n < length ? length - 1 - n : n;
      source[n * size + b] = b * time + t;
      step[b * time + t] = n * size + b;
    }
    last[b] = (lengths === null ? time - 1 : length) * size + b;
    own?.fill(1, b * time, b * time + length);
  }
  const from = index?.dataSync<'int32'>();
  return { source, rows: from === undefined ? source : source.map((position) => from[position]!), step, last, own };
}
