import type { Cell } from '../../../plan/trial-config.js';
import type { DirectionOperands } from '../../ops/recurrent-operands.js';
import type { Matrices } from '../kernels/matrices.js';
import type { Handle, Ops } from '../kernels/ops.js';

/** The sizes that say how a layer's parameters lie in cuDNN's buffer. */
export interface CudnnSizes {
  readonly cell: Cell;
  readonly directions: number;
  /** I */
  readonly input: number;
  /** H */
  readonly hidden: number;
  /** P, an LSTM's projection; null without. */
  readonly projection: number | null;
}

type Name = 'weight_ih' | 'weight_hh' | 'weight_hr' | 'bias_ih' | 'bias_hh';

export interface ParameterBlock {
  readonly direction: number;
  readonly name: Name;
  readonly shape: readonly number[];
}

/**
 * The blocks of cuDNN's parameter buffer in their order: the matrices of each direction (input, recurrent, projection),
 * then the two bias vectors of each. Within a block the gates follow one another as PyTorch has them (LSTM i, f, g, o;
 * GRU r, z, n), each matrix [H, width] by rows. (cuDNN's linLayerID; the canonical form of CudnnRNNParamsToCanonical.)
 */
export function parameterBlocks({ cell, directions, input, hidden, projection }: CudnnSizes): ParameterBlock[] {
  const rows = { lstm: 4, gru: 3, rnn: 1 }[cell] * hidden;
  const matrices: [Name, number[]][] = [
    ['weight_ih', [rows, input]],
    ['weight_hh', [rows, projection ?? hidden]],
    ...(projection === null ? [] : ([['weight_hr', [projection, hidden]]] as [Name, number[]][])),
  ];
  const biases: [Name, number[]][] = [
    ['bias_ih', [rows]],
    ['bias_hh', [rows]],
  ];
  return [matrices, biases].flatMap((kind) =>
    Array.from({ length: directions }, (_, direction) =>
      kind.map(([name, shape]) => ({ direction, name, shape })),
    ).flat(),
  );
}

/** How many numbers the buffer holds. */
export function parameterCount(sizes: CudnnSizes): number {
  return parameterBlocks(sizes).reduce((sum, { shape }) => sum + volume(shape), 0);
}

/** A layer's parameters as cuDNN's buffer [N]; biases that a layer does not have are zero. */
export function packParameters(
  m: Matrices,
  directions: readonly DirectionOperands<Handle>[],
  sizes: CudnnSizes,
): Handle {
  const parts = parameterBlocks(sizes).map(({ direction, name, shape }) => {
    const block = directions[direction]![name];
    return block === null ? m.zeros([volume(shape)]) : m.reshape(block, [volume(shape)]);
  });
  return m.concat(parts, 0);
}

/** cuDNN's buffer (or its gradient) [N] → each direction's parameters under PyTorch's names. */
export function unpackParameters(
  ops: Ops,
  m: Matrices,
  buffer: Handle,
  sizes: CudnnSizes,
): Pick<DirectionOperands<Handle>, Name>[] {
  const blocks = parameterBlocks(sizes);
  const extents = Int32Array.from(blocks, ({ shape }) => volume(shape));
  const operands = [buffer, ops.ints(extents, [blocks.length]), ops.ints(Int32Array.of(0), [])];
  const parts = ops.many('SplitV', operands, [ops.attribute.int('num_split', blocks.length)], blocks.length);
  return Array.from({ length: sizes.directions }, (_, direction) => {
    const find = (name: Name): Handle | null => {
      const n = blocks.findIndex((block) => block.direction === direction && block.name === name);
      return n === -1 ? null : m.reshape(parts[n]!, blocks[n]!.shape);
    };
    return {
      weight_ih: find('weight_ih')!,
      weight_hh: find('weight_hh')!,
      weight_hr: find('weight_hr'),
      bias_ih: find('bias_ih'),
      bias_hh: find('bias_hh'),
    };
  });
}

function volume(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
