import type { OpAttribute, OutputMetadata } from '../../../src/engine/tensorflow/backend.js';
import { type Emulated, emulate, emulateGradients, regions } from './cudnn-emulator.js';

/** A call of one of cuDNN's ops, as the engine made it. */
export interface CudnnCall {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly shapes: readonly (readonly number[])[];
}

/** How the tensors that ops are called with are read and made. */
export interface TensorAccess {
  shape(id: number): number[];
  values(id: number): ArrayLike<number>;
  create(shape: readonly number[], values: Float32Array | Int32Array): OutputMetadata;
}

/** Runs cuDNN's ops in their emulation and notes every call; null for any other op. */
export function fakeCudnn(access: TensorAccess, calls: CudnnCall[], { garbage = 0 } = {}) {
  return (name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): OutputMetadata[] | null => {
    if (!name.startsWith('CudnnRNN')) return null;
    const named = Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute.value]));
    // The last input of the backward op lies in a type that cannot be read.
    const readable = name === 'CudnnRNNBackpropV3' ? inputs.slice(0, -1) : inputs;
    calls.push({ name, attributes: named, shapes: readable.map((id) => access.shape(id)) });
    const floats = (id: number): Float64Array => Float64Array.from(access.values(id));
    const make = (shape: readonly number[], values: Float64Array): OutputMetadata =>
      access.create(shape, Float32Array.from(values));
    if (name === 'CudnnRNNParamsSize') {
      const [, hidden, input] = inputs.map((id) => access.values(id)[0]!);
      const call = { ...modeOf(named), time: 1, batch: 1, lengths: [1], input: input!, hidden: hidden! };
      return [access.create([1], Int32Array.of(regions(call).size))];
    }
    const [x, h0, c0, parameters, lengths] = inputs as [number, number, number, number, number];
    const [time, batch, input] = access.shape(x) as [number, number, number];
    const mode = modeOf(named);
    const isLstm = mode.mode === 'lstm';
    const hidden = access.shape(isLstm ? c0 : h0)[2]!;
    const call: Emulated = { ...mode, time, batch, input, hidden, lengths: [...Array.from(access.values(lengths))] };
    const expected = regions(call).size;
    if (floats(parameters).length !== expected) throw new Error(`expected ${expected} parameters`);
    const own = {
      x: floats(x),
      h0: floats(h0),
      c0: isLstm ? floats(c0) : new Float64Array(),
      parameters: floats(parameters),
    };
    const cellShape = isLstm ? access.shape(c0) : [];
    if (name === 'CudnnRNNV3') {
      const { output, h, c } = emulate(call, own);
      return [
        make([time, batch, output.length / time / batch], output),
        make(access.shape(h0), h),
        make(cellShape, isLstm ? c : Float64Array.of(0)),
        make(named.is_training ? [1] : [], Float64Array.of(7)),
        access.create([], Int32Array.of(0)),
      ];
    }
    const [dOutput, dh, dc, reserved] = inputs.slice(8, 12).map(floats) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    if (reserved[0] !== 7) throw new Error('expected what the forward pass reserved');
    const dys = { output: dOutput, h: dh, c: isLstm ? dc : new Float64Array() };
    const gradients = emulateGradients(call, own, dys);
    // What cuDNN writes beyond a sequence's length is nobody's business.
    for (let t = 0; t < time; t++) {
      for (let b = 0; b < batch; b++) {
        if (t >= call.lengths[b]!) gradients.x.fill(garbage, (t * batch + b) * input, (t * batch + b + 1) * input);
      }
    }
    return [
      make([time, batch, input], gradients.x),
      make(access.shape(h0), gradients.h0),
      make(cellShape, isLstm ? gradients.c0 : Float64Array.of(0)),
      make([expected], gradients.parameters),
    ];
  };
}

function modeOf(named: Readonly<Record<string, unknown>>): Pick<Emulated, 'mode' | 'directions' | 'projection'> {
  return {
    mode: named.rnn_mode as Emulated['mode'],
    directions: named.direction === 'bidirectional' ? 2 : 1,
    projection: named.num_proj === 0 ? null : (named.num_proj as number),
  };
}
