import { tf } from '../../../tf.js';
import {
  type DirectionOperands,
  layerOperands,
  namedOperands,
  type RecurrentAttributes,
} from '../../ops/recurrent-operands.js';
import type { DirectionWeights, LayerInput, LayerOptions, RecurrentLayer } from '../../recurrent-layer.js';
import { layerAttributes, layerResult, operandGradients, runWithGradient } from '../kernels/layer-call.js';
import { inputOrder, type LayerOrder } from '../kernels/layer-order.js';
import { type Matrices, matrices } from '../kernels/matrices.js';
import { type Handle, type Ops, withOps } from '../kernels/ops.js';
import { packParameters, unpackParameters } from './parameters.js';
import { type CudnnMode, type CudnnOperands, cudnnBackward, cudnnForward } from './rnn-ops.js';

/** What cuDNN is told of a layer with these weights. */
export function cudnnMode(directions: readonly DirectionWeights[], { cell, nonlinearity }: LayerOptions): CudnnMode {
  const { weight_ih, weight_hh, weight_hr } = directions[0]!;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell];
  return {
    cell,
    nonlinearity,
    directions: directions.length,
    input: weight_ih.shape[1],
    hidden: weight_hh.shape[0] / gates,
    projection: weight_hr?.shape[0] ?? null,
  };
}

/** The recurrent layer by cuDNN: all steps and directions in one op, and one for all gradients. On a GPU only. */
export const cudnnLayer: RecurrentLayer = (input, directions, state, options) => {
  const attributes = layerAttributes(input, directions, state, options);
  const operands = layerOperands({ ...input, index: null }, directions, state);
  const call: Call = {
    attributes,
    mode: cudnnMode(directions, options),
    order: stepOrder(input),
    rowCount: input.rows.shape[0],
    training: (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn(),
  };
  const outputs = runWithGradient(operands, {
    forward: (save) => forward(call, operands, save),
    backward: (saved, dys) => backward(call, saved, dys),
  });
  return layerResult(outputs, attributes);
};

interface Call {
  readonly attributes: RecurrentAttributes;
  readonly mode: CudnnMode;
  readonly order: LayerOrder;
  readonly rowCount: number;
  readonly training: boolean;
}

/** Steps in the order of time for every direction: cuDNN turns the second round itself, within each sequence's length. */
function stepOrder(input: LayerInput): LayerOrder {
  return inputOrder(input, false);
}

function forward(call: Call, operands: readonly tf.Tensor[], save: (tensors: tf.Tensor[]) => void): tf.Tensor[] {
  return withOps((ops) => {
    const m = matrices(ops);
    const { training, mode, attributes } = call;
    const outputs = cudnnForward(ops, mode, cudnnOperands(call, operands, { ops, m }), { training });
    const saved = [outputs.output, outputs.h, outputs.reserved, ...(mode.cell === 'lstm' ? [outputs.c] : [])];
    if (training) save([...operands, ...saved.map((handle) => ops.keep(handle))]);
    const results = perDirection(ops, outputs.h, mode);
    if (mode.cell === 'lstm') results.push(...perDirection(ops, outputs.c, mode));
    if (attributes.sequence) results.push(ownOnly(call, turned(ops, outputs.output), 'batch', ops));
    return results.map((handle) => ops.keep(handle));
  });
}

/** The gradients of the operands, in their order. */
function backward(call: Call, tensors: readonly tf.Tensor[], dys: readonly tf.Tensor[]): tf.Tensor[] {
  return withOps((ops) => {
    const m = matrices(ops);
    const { mode, attributes, order, rowCount } = call;
    const { size, time, present, sequence } = attributes;
    const count = tensors.length - (mode.cell === 'lstm' ? 4 : 3);
    const given = cudnnOperands(call, tensors.slice(0, count), { ops, m });
    const [output, h, reserved, c = ops.scalar(0)] = tensors.slice(count).map((tensor) => ops.of(tensor)) as Saved;
    const own = dys.map((dy) => ops.of(dy));
    const dOutput = sequence ? ownOnly(call, turned(ops, own.at(-1)!), 'time', ops) : m.zeros(output.shape);
    const gradients = cudnnBackward(
      ops,
      mode,
      given,
      { output, h, c, reserved },
      {
        output: dOutput,
        h: stacked(ops, own.slice(0, mode.directions)),
        c: mode.cell === 'lstm' ? stacked(ops, own.slice(mode.directions, 2 * mode.directions)) : ops.scalar(0),
      },
    );
    const dx = m.reshape(ownOnly(call, gradients.x, 'time', ops), [time * size, mode.input]);
    const rows = m.sumByRow(dx, ops.ints(order.rows, [time * size]), rowCount);
    const weights = unpackParameters(ops, m, gradients.parameters, mode);
    const h0 = perDirection(ops, gradients.h0, mode);
    const c0 = mode.cell === 'lstm' ? perDirection(ops, gradients.c0, mode) : null;
    const each = weights.map((gradient, d) =>
      operandGradients(
        { ...gradient, bias_ih: gradient.bias_ih!, bias_hh: gradient.bias_hh!, h0: h0[d]!, c0: c0?.[d] ?? null },
        present,
      ),
    );
    return [rows, ...each.flat()].map((handle) => ops.keep(handle));
  });
}

/** What the forward pass left: output, h, what cuDNN reserved, and an LSTM's c. */
type Saved = [Handle, Handle, Handle, Handle?];

interface Maths {
  readonly ops: Ops;
  readonly m: Matrices;
}

function cudnnOperands(call: Call, tensors: readonly tf.Tensor[], { ops, m }: Maths): CudnnOperands {
  const { attributes, mode, order } = call;
  const { size, time, lengths, present } = attributes;
  const { rows, directions } = namedOperands(
    tensors.map((tensor) => ops.of(tensor)),
    present,
  );
  const states = (name: 'h0' | 'c0', width: number): Handle =>
    present[name]
      ? stacked(
          ops,
          directions.map((direction: DirectionOperands<Handle>) => direction[name]!),
        )
      : m.zeros([mode.directions, size, width]);
  return {
    x: m.reshape(m.rows(rows, ops.ints(order.rows, [time * size])), [time, size, mode.input]),
    h0: states('h0', mode.projection ?? mode.hidden),
    c0: mode.cell === 'lstm' ? states('c0', mode.hidden) : ops.scalar(0),
    parameters: packParameters(m, directions, mode),
    lengths: ops.ints(lengths ?? new Int32Array(size).fill(time), [size]),
  };
}

/** D matrices [B, F] → [D, B, F]. */
function stacked({ one, attribute }: Ops, parts: readonly Handle[]): Handle {
  return one('Pack', parts, [attribute.int('N', parts.length), attribute.int('axis', 0), attribute.type('T', 'float')]);
}

/** [D, B, F] → D matrices. */
function perDirection({ many, attribute }: Ops, x: Handle, { directions }: CudnnMode): Handle[] {
  return many('Unpack', [x], [attribute.int('num', directions), attribute.int('axis', 0)], directions);
}

/** [T, B, F] ↔ [B, T, F]. */
function turned(ops: Ops, x: Handle): Handle {
  return ops.one('Transpose', [x, ops.ints(Int32Array.of(1, 0, 2), [3])]);
}

/** Zero, whatever stood there, beyond each sequence's length: [B, T, F] with the batch first, [T, B, F] with time first. */
function ownOnly({ attributes: { lengths, size, time } }: Call, x: Handle, first: 'batch' | 'time', ops: Ops): Handle {
  if (lengths === null) return x;
  const own = new Uint8Array(size * time);
  for (let b = 0; b < size; b++) {
    for (let t = 0; t < lengths[b]!; t++) own[first === 'batch' ? b * time + t : t * size + b] = 1;
  }
  const shape = first === 'batch' ? [size, time, 1] : [time, size, 1];
  return ops.one('SelectV2', [ops.bools(own, shape), x, ops.scalar(0)]);
}
