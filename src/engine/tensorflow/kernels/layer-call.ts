import { tf } from '../../../tf.js';
import type { RecurrentAttributes } from '../../ops/recurrent-operands.js';
import type { DirectionWeights, LayerInput, LayerOptions, LayerResult, LayerState } from '../../recurrent-layer.js';
import type { Handle } from './ops.js';
import type { PassGradients } from './pass.js';

/** What a call of a layer says beside its tensors; the input's index is not one of the operands here. */
export function layerAttributes(
  input: LayerInput,
  directions: readonly DirectionWeights[],
  state: LayerState,
  options: LayerOptions,
): RecurrentAttributes {
  return {
    ...options,
    size: input.size,
    time: input.time,
    lengths: input.lengths,
    present: {
      directions: directions.length,
      index: false,
      bias_ih: directions[0]!.bias_ih !== null,
      bias_hh: directions[0]!.bias_hh !== null,
      weight_hr: directions[0]!.weight_hr !== null,
      h0: state.h !== null,
      c0: state.c !== null,
    },
  };
}

/** A layer's outputs by name: h per direction, c per direction (LSTM), the output (with `sequence`). */
export function layerResult(
  outputs: readonly tf.Tensor[],
  { present, cell, sequence }: RecurrentAttributes,
): LayerResult {
  const count = present.directions;
  const states = outputs as tf.Tensor2D[];
  return {
    h: states.slice(0, count),
    c: cell === 'lstm' ? states.slice(count, 2 * count) : null,
    output: sequence ? (outputs.at(-1) as tf.Tensor3D) : null,
  };
}

/** One direction's gradients in the order of `layerOperands`. */
export function operandGradients(own: Omit<PassGradients, 'rows'>, present: RecurrentAttributes['present']): Handle[] {
  return [
    own.weight_ih,
    own.weight_hh,
    ...(present.bias_ih ? [own.bias_ih] : []),
    ...(present.bias_hh ? [own.bias_hh] : []),
    ...(present.weight_hr ? [own.weight_hr!] : []),
    ...(present.h0 ? [own.h0] : []),
    ...(present.c0 ? [own.c0!] : []),
  ];
}

export interface WithGradient {
  readonly forward: (save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
  /** The operands' gradients, in their order. */
  readonly backward: (saved: readonly tf.Tensor[], dys: readonly tf.Tensor[]) => tf.Tensor[];
}

/** tf.customGrad for several outputs. */
export function runWithGradient(operands: readonly tf.Tensor[], { forward, backward }: WithGradient): tf.Tensor[] {
  const engine = tf.engine() as unknown as {
    runKernelFunc(call: {
      readonly inputs: Record<string, tf.Tensor>;
      readonly forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
      readonly backwardsFunc: (dys: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
    }): tf.Tensor[];
  };
  return engine.runKernelFunc({
    inputs: Object.fromEntries(operands.map((operand, n) => [String(n), operand])),
    forwardFunc: (_, save) => forward(save),
    backwardsFunc: (dys, saved) => {
      const gradients = backward(saved, Array.isArray(dys) ? dys : [dys]);
      return Object.fromEntries(gradients.map((gradient, n) => [String(n), () => gradient]));
    },
  });
}
