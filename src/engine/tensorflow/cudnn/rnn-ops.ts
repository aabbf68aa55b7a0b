import type { OpAttribute } from '../backend.js';
import type { Handle, Ops } from '../kernels/ops.js';
import type { CudnnSizes } from './parameters.js';

/** What cuDNN's ops are told of a layer beside its tensors. */
export interface CudnnMode extends CudnnSizes {
  readonly nonlinearity: 'tanh' | 'relu';
}

/** Operands of both ops; D directions, S = P or H. Steps come first: cuDNN pads no batch whose sequences are all T long then. */
export interface CudnnOperands {
  /** [T, B, I] */
  readonly x: Handle;
  /** [D, B, S] */
  readonly h0: Handle;
  /** [D, B, H]; LSTM only, else any scalar. */
  readonly c0: Handle;
  /** [N] */
  readonly parameters: Handle;
  /** [B] int32 */
  readonly lengths: Handle;
}

export interface CudnnOutputs {
  /** [T, B, D·S] */
  readonly output: Handle;
  /** [D, B, S] */
  readonly h: Handle;
  /** [D, B, H]; of other cells than the LSTM an empty scalar. */
  readonly c: Handle;
  /** What the backward pass needs; only of a pass that trains. */
  readonly reserved: Handle;
}

export interface CudnnGradients {
  readonly x: Handle;
  readonly h0: Handle;
  readonly c0: Handle;
  readonly parameters: Handle;
}

/** CudnnRNNV3: all steps and directions of a layer in one op. */
export function cudnnForward(
  ops: Ops,
  mode: CudnnMode,
  { x, h0, c0, parameters, lengths }: CudnnOperands,
  { training }: { readonly training: boolean },
): CudnnOutputs {
  const attributes = [...rnnAttributes(ops, mode), ops.attribute.bool('is_training', training), timeMajor(ops)];
  const [output, h, c, reserved] = ops.many('CudnnRNNV3', [x, h0, c0, parameters, lengths], attributes, 5);
  return { output: output!, h: h!, c: c!, reserved: reserved! };
}

/**
 * CudnnRNNBackpropV3, the gradient that TensorFlow registers for CudnnRNNV3. (CudnnRNNBackpropV2 reads an algorithm from
 * `host_reserved` that only CudnnRNNV2 puts there; V3 leaves it empty, and its gradient does not look at it.)
 */
export function cudnnBackward(
  ops: Ops,
  mode: CudnnMode,
  { x, h0, c0, parameters, lengths }: CudnnOperands,
  { output, h, c, reserved }: CudnnOutputs,
  dys: Pick<CudnnOutputs, 'output' | 'h' | 'c'>,
): CudnnGradients {
  // An int8 tensor, which tfjs has no type for and so could not be saved.
  const host = ops.one('Cast', [ops.ints(Int32Array.of(0), [])], [ops.attribute.type('DstT', 'int8')]);
  const operands = [x, h0, c0, parameters, lengths, output, h, c, dys.output, dys.h, dys.c, reserved, host];
  const gradients = ops.many('CudnnRNNBackpropV3', operands, [...rnnAttributes(ops, mode), timeMajor(ops)], 4);
  const [dx, dh0, dc0, dParameters] = gradients as [Handle, Handle, Handle, Handle];
  return { x: dx, h0: dh0, c0: dc0, parameters: dParameters };
}

/** CudnnRNNParamsSize: how many numbers cuDNN itself expects in the buffer, as a tensor [1] int32. */
export function cudnnParameterCount(ops: Ops, mode: CudnnMode): Handle {
  const scalar = (value: number): Handle => ops.ints(Int32Array.of(value), []);
  const types = [ops.attribute.type('T', 'float'), ops.attribute.type('S', 'int')];
  const operands = [scalar(1), scalar(mode.hidden), scalar(mode.input)];
  return ops.one('CudnnRNNParamsSize', operands, [...types, ...rnnAttributes(ops, mode)]);
}

function rnnAttributes({ attribute }: Ops, { cell, nonlinearity, directions, projection }: CudnnMode): OpAttribute[] {
  return [
    attribute.text('rnn_mode', cell === 'rnn' ? `rnn_${nonlinearity}` : cell),
    attribute.text('input_mode', 'linear_input'),
    attribute.text('direction', directions === 2 ? 'bidirectional' : 'unidirectional'),
    attribute.number('dropout', 0),
    attribute.int('seed', 0),
    attribute.int('seed2', 0),
    attribute.int('num_proj', projection ?? 0),
  ];
}

function timeMajor({ attribute }: Ops): OpAttribute {
  return attribute.bool('time_major', true);
}
