import type { tf } from '../../tf.js';
import type { DirectionWeights, LayerInput, LayerOptions, LayerState } from '../recurrent-layer.js';

/** What the Recurrent kernel needs to know beside its tensors. */
export interface RecurrentAttributes extends LayerOptions {
  readonly size: number;
  readonly time: number;
  readonly lengths: Int32Array | null;
  /** Which operands the list of tensors holds. */
  readonly present: {
    readonly directions: number;
    readonly index: boolean;
    readonly bias_ih: boolean;
    readonly bias_hh: boolean;
    readonly weight_hr: boolean;
    readonly h0: boolean;
    readonly c0: boolean;
  };
}

/** One direction's operands; T is a tensor, its gradient or its address. */
export interface DirectionOperands<T> {
  readonly weight_ih: T;
  readonly weight_hh: T;
  readonly bias_ih: T | null;
  readonly bias_hh: T | null;
  readonly weight_hr: T | null;
  readonly h0: T | null;
  readonly c0: T | null;
}

export interface RecurrentOperandList<T> {
  readonly rows: T;
  readonly index: T | null;
  readonly directions: readonly DirectionOperands<T>[];
}

/** A layer's tensors as the flat list that tfjs's kernel calls and tape take. */
export function layerOperands(
  input: LayerInput,
  directions: readonly DirectionWeights[],
  state: LayerState,
): tf.Tensor[] {
  const list: (tf.Tensor | null)[] = [input.rows, input.index];
  directions.forEach((weights, d) => {
    list.push(weights.weight_ih, weights.weight_hh, weights.bias_ih, weights.bias_hh, weights.weight_hr);
    list.push(state.h?.[d] ?? null, state.c?.[d] ?? null);
  });
  return list.filter((tensor) => tensor !== null);
}

/** The names again for a flat list made by `layerOperands`. */
export function namedOperands<T>(list: readonly T[], present: RecurrentAttributes['present']): RecurrentOperandList<T> {
  let position = 0;
  const next = (): T => list[position++]!;
  const optional = (there: boolean): T | null => (there ? next() : null);
  const rows = next();
  const index = optional(present.index);
  const directions = Array.from({ length: present.directions }, () => ({
    weight_ih: next(),
    weight_hh: next(),
    bias_ih: optional(present.bias_ih),
    bias_hh: optional(present.bias_hh),
    weight_hr: optional(present.weight_hr),
    h0: optional(present.h0),
    c0: optional(present.c0),
  }));
  return { rows, index, directions };
}
