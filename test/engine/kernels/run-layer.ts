import type { KernelLibrary, RecurrentShape } from '../../../src/engine/kernels/library.js';
import { floats, ints } from './libraries.js';
import type { NaiveCotangents, NaiveOperands, NaiveResult, NaiveShape } from './naive-layer.js';

type Result = Record<keyof NaiveResult, Float32Array>;

/** One direction through a library, forward and backward, with the interface of `naiveLayer`. */
export function runLayer(
  library: KernelLibrary,
  given: NaiveShape,
  operands: NaiveOperands,
  cotangents: NaiveCotangents,
): Result {
  const { batch, time, input, hidden, projection = 0, cell } = given;
  const width = projection || hidden;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell];
  const shape: RecurrentShape = {
    ...given,
    rows: operands.x.length / input,
    indexed: operands.index !== undefined,
    training: true,
  };
  const put = (values: ArrayLike<number> | undefined) => (values === undefined ? 0 : floats(library, values).pointer);
  const lengths = operands.lengths === undefined ? 0 : ints(library, operands.lengths).pointer;
  const index = operands.index === undefined ? 0 : ints(library, operands.index).pointer;
  const lstm = cell === 'lstm';
  const result = {
    output: floats(library, batch * time * width),
    h_n: floats(library, batch * width),
    c_n: floats(library, lstm ? batch * hidden : 0),
    dx: floats(library, operands.x.length),
    dh0: floats(library, batch * width),
    dc0: floats(library, lstm ? batch * hidden : 0),
    dweight_ih: floats(library, gates * hidden * input),
    dweight_hh: floats(library, gates * hidden * width),
    dbias_ih: floats(library, gates * hidden),
    dbias_hh: floats(library, gates * hidden),
    dweight_hr: floats(library, projection * hidden),
  };
  // NaNs all over `reserve` and `scratch`: nothing may be read that was not written.
  const common = {
    ...shape,
    x: put(operands.x),
    index,
    lengths,
    h0: put(operands.h0),
    c0: put(operands.c0),
    weight_ih: put(operands.weight_ih),
    weight_hh: put(operands.weight_hh),
    bias_ih: put(operands.bias_ih),
    bias_hh: put(operands.bias_hh),
    weight_hr: put(operands.weight_hr),
    reserve: floats(library, library.recurrentReserveBytes(shape) / 4).pointer,
    scratch: floats(library, library.recurrentScratchBytes(shape) / 4).pointer,
  };
  library.recurrentForward({
    ...common,
    output: result.output.pointer,
    h_n: result.h_n.pointer,
    c_n: lstm ? result.c_n.pointer : 0,
  });
  library.recurrentBackward({
    ...common,
    d_output: put(cotangents.output),
    dh_n: put(cotangents.h_n),
    dc_n: lstm ? put(cotangents.c_n) : 0,
    dx: result.dx.pointer,
    dh0: result.dh0.pointer,
    dc0: lstm ? result.dc0.pointer : 0,
    dweight_ih: result.dweight_ih.pointer,
    dweight_hh: result.dweight_hh.pointer,
    dbias_ih: result.dbias_ih.pointer,
    dbias_hh: result.dbias_hh.pointer,
    dweight_hr: projection ? result.dweight_hr.pointer : 0,
  });
  return Object.fromEntries(Object.entries(result).map(([name, array]) => [name, array.values])) as Result;
}
