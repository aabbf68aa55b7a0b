import type { tf } from '../../../tf.js';
import {
  type DirectionOperands,
  layerOperands,
  namedOperands,
  type RecurrentAttributes,
} from '../../ops/recurrent-operands.js';
import type { RecurrentLayer } from '../../recurrent-layer.js';
import { blockLstmPass } from './block-lstm-pass.js';
import { gruPass } from './gru-pass.js';
import { layerAttributes, layerResult, operandGradients, runWithGradient } from './layer-call.js';
import { inputOrder, type LayerOrder } from './layer-order.js';
import { type Matrices, matrices } from './matrices.js';
import { type Handle, type Ops, withOps } from './ops.js';
import type { PassInput, PassOutput, RecurrentPass } from './pass.js';
import { projectedLstmPass } from './projected-lstm-pass.js';
import { rnnPass } from './rnn-pass.js';

/** The recurrent layer by the fewest TensorFlow ops that are right, with a backward pass of its own. */
export const tensorflowLayer: RecurrentLayer = (input, directions, state, options) => {
  const attributes = layerAttributes(input, directions, state, options);
  const operands = layerOperands({ ...input, index: null }, directions, state);
  const orders = directions.map((_, d) => inputOrder(input, d === 1));
  const layer: Layer = { attributes, orders, rowCount: input.rows.shape[0] };
  const outputs = runWithGradient(operands, {
    forward: (save) => forward(layer, operands, save),
    backward: (saved, dys) =>
      backward(layer, saved.slice(0, operands.length), { dys, saved: saved.slice(operands.length) }),
  });
  return layerResult(outputs, attributes);
};

interface Layer {
  readonly attributes: RecurrentAttributes;
  readonly orders: readonly LayerOrder[];
  readonly rowCount: number;
}

function forward(layer: Layer, operands: readonly tf.Tensor[], save: (tensors: tf.Tensor[]) => void): tf.Tensor[] {
  return withOps((ops) => {
    const m = matrices(ops);
    const { size, time, lengths, sequence } = layer.attributes;
    const inputs = passInputs(layer, operands, { ops, m });
    const outputs = inputs.map((input) => passOf(layer).forward(input));
    const made = outputs.flatMap(({ states, cells, saved }) => [states, ...(cells === null ? [] : [cells]), ...saved]);
    save([...operands, ...made.map((handle) => ops.keep(handle))]);
    const final = (first: Handle, states: Handle, d: number): tf.Tensor => {
      const all = lengths === null ? states : m.concat([first, states], 0);
      return ops.keep(m.rows(all, ops.ints(layer.orders[d]!.last, [size])));
    };
    const results = outputs.map(({ states }, d) => final(inputs[d]!.h0, states, d));
    outputs.forEach(({ cells }, d) => {
      if (cells !== null) results.push(final(inputs[d]!.c0!, cells, d));
    });
    if (sequence) {
      const parts = outputs.map(({ states }, d) => m.rows(states, ops.ints(layer.orders[d]!.step, [size * time])));
      const features = inputs.length * inputs[0]!.stateSize;
      const joined = masked(m.concat(parts, 1), layer, { ops, m });
      results.push(ops.keep(m.reshape(joined, [size, time, features])));
    }
    return results;
  });
}

interface Cotangents {
  readonly dys: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
}

/** The gradients of the operands, in their order. */
function backward(layer: Layer, operands: readonly tf.Tensor[], { dys, saved }: Cotangents): tf.Tensor[] {
  return withOps((ops) => {
    const m = matrices(ops);
    const { size, time, sequence, cell, present } = layer.attributes;
    const inputs = passInputs(layer, operands, { ops, m });
    const count = inputs.length;
    const given = dys.map((dy) => ops.of(dy));
    const kept = saved.map((tensor) => ops.of(tensor));
    const each = kept.length / count;
    const stateSize = inputs[0]!.stateSize;
    const outer = sequence
      ? m.columns(
          masked(m.reshape(given.at(-1)!, [size * time, count * stateSize]), layer, { ops, m }),
          new Array<number>(count).fill(stateSize),
        )
      : null;
    let rows: Handle | null = null;
    const gradients = inputs.map((input, d) => {
      const [states, ...more] = kept.slice(d * each, (d + 1) * each) as [Handle, ...Handle[]];
      const cells = cell === 'lstm' ? more.shift()! : null;
      const output: PassOutput = { states, cells, saved: more };
      const order = layer.orders[d]!;
      const atSteps = outer === null ? null : m.rows(outer[d]!, ops.ints(order.source, [time * size]));
      const h = withFinal(atSteps, given[d]!, { layer, order, ops, m });
      const c = cell === 'lstm' ? withFinal(null, given[count + d]!, { layer, order, ops, m }) : null;
      const own = passOf(layer).backward(input, output, { states: h.steps, cells: c?.steps ?? null });
      rows = rows === null ? own.rows : m.add(rows, own.rows);
      return {
        ...own,
        h0: h.first === null ? own.h0 : m.add(own.h0, h.first),
        c0: c?.first == null || own.c0 === null ? own.c0 : m.add(own.c0, c.first),
      };
    });
    return [rows!, ...gradients.flatMap((own) => operandGradients(own, present))].map((gradient) => ops.keep(gradient));
  });
}

interface Maths {
  readonly ops: Ops;
  readonly m: Matrices;
}

/**
 * The gradients [T·B, S] of the states after every step: those of the output, if any, and the final state's where each
 * sequence ends. `first` [B, S] is what reaches the initial state itself: of sequences without a step.
 */
function withFinal(
  atSteps: Handle | null,
  final: Handle,
  { layer, order, ops, m }: Maths & { readonly layer: Layer; readonly order: LayerOrder },
): { readonly steps: Handle; readonly first: Handle | null } {
  const { size, time, lengths } = layer.attributes;
  const width = final.shape[1]!;
  const last = ops.ints(order.last, [size, 1]);
  if (lengths === null) {
    const steps = atSteps ?? m.zeros([time * size, width]);
    return { steps: ops.one('TensorScatterAdd', [steps, last, final]), first: null };
  }
  const all = ops.one('TensorScatterAdd', [m.zeros([(time + 1) * size, width]), last, final]);
  const sizes = ops.ints(Int32Array.of(size, time * size), [2]);
  const axis = ops.ints(Int32Array.of(0), []);
  const [first, steps] = ops.many('SplitV', [all, sizes, axis], [ops.attribute.int('num_split', 2)], 2);
  return { steps: atSteps === null ? steps! : m.add(atSteps, steps!), first: first! };
}

/** Zero where a position [B·T, F] is beyond its sequence's length. */
function masked(x: Handle, { attributes: { lengths, size, time }, orders }: Layer, { ops, m }: Maths): Handle {
  return lengths === null ? x : m.times(x, ops.floats(orders[0]!.own!, [size * time, 1]));
}

function passInputs(layer: Layer, operands: readonly tf.Tensor[], { ops, m }: Maths): PassInput[] {
  const { attributes, orders, rowCount } = layer;
  const { size, time, cell, nonlinearity, present } = attributes;
  const { rows, directions } = namedOperands(
    operands.map((operand) => ops.of(operand)),
    present,
  );
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell];
  return directions.map((weights: DirectionOperands<Handle>, d) => {
    const [gateRows, stateSize] = weights.weight_hh.shape as [number, number];
    const hidden = gateRows / gates;
    return {
      ops,
      m,
      time,
      size,
      hidden,
      stateSize,
      nonlinearity,
      rows,
      rowCount,
      index: ops.ints(orders[d]!.rows, [time * size]),
      weights,
      h0: weights.h0 ?? m.zeros([size, stateSize]),
      c0: cell === 'lstm' ? (weights.c0 ?? m.zeros([size, hidden])) : null,
    };
  });
}

function passOf({ attributes: { cell, present } }: Layer): RecurrentPass {
  if (cell === 'rnn') return rnnPass;
  if (cell === 'gru') return gruPass;
  return present.weight_hr ? projectedLstmPass : blockLstmPass;
}
