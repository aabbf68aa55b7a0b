import { tf } from '../../../tf.js';
import type { RecurrentOperands, RecurrentShape } from '../../kernels/library.js';
import { type DirectionOperands, namedOperands, type RecurrentAttributes } from '../../ops/recurrent-operands.js';
import type { FusedBackend, KernelTensor } from '../backend.js';
import type { FusedKernel } from './kernel.js';

/** Gives [reserve, h per direction, c per direction (LSTM), output [B, T, D·H] (with `sequence`)]. */
export const recurrent: FusedKernel<readonly tf.TensorInfo[], RecurrentAttributes> = (backend, list, attributes) => {
  const layer = readLayer(backend, list, attributes, isRecording());
  const { size, time, sequence, cell } = attributes;
  const { directions, stateSize, hidden, reserveBytes } = layer;
  const reserve = backend.allocateOpaque(reserveBytes * directions.length);
  const output = sequence ? backend.allocate([size, time, directions.length * stateSize]) : null;
  const h = directions.map(() => backend.allocate([size, stateSize]));
  const c = cell === 'lstm' ? directions.map(() => backend.allocate([size, hidden])) : [];
  layer.run((operands, d) =>
    backend.library.recurrentForward({
      ...operands,
      reserve: reserve.pointer + d * reserveBytes,
      output: output === null ? 0 : output.pointer + d * stateSize * 4,
      outputStride: directions.length * stateSize,
      h_n: h[d]!.pointer,
      c_n: c[d]?.pointer ?? 0,
    }),
  );
  return [reserve, ...h, ...c, ...(output === null ? [] : [output])].map((tensor) => tensor.info);
};

/** The operands of the forward call, its reserve, then the gradients of its outputs → the gradients of its operands. */
export const recurrentGradient: FusedKernel<readonly tf.TensorInfo[], RecurrentAttributes> = (
  backend,
  list,
  attributes,
) => {
  const { present, sequence, cell } = attributes;
  const layer = readLayer(backend, list, attributes, true);
  const { directions, stateSize, reserveBytes, rows } = layer;
  const count = directions.length;
  const operandCount = operandTotal(present);
  const reserve = backend.pointer(list[operandCount]!);
  const dys = list.slice(operandCount + 1).map((dy) => backend.pointer(dy));
  const dOutput = sequence ? dys[cell === 'lstm' ? 2 * count : count]! : 0;

  const like = (tensor: tf.TensorInfo | null): KernelTensor | null =>
    tensor === null ? null : backend.allocate(tensor.shape);
  const gradients = directions.map((direction) => mapOperands(direction, like));
  const dRows = backend.allocate(rows.shape);
  const rowCount = dRows.values.length;
  layer.run((operands, d) => {
    const own = mapOperands(gradients[d]!, (tensor) => tensor?.pointer ?? 0);
    const backward = (dx: number): void =>
      backend.library.recurrentBackward({
        ...operands,
        reserve: reserve + d * reserveBytes,
        d_output: dOutput === 0 ? 0 : dOutput + d * stateSize * 4,
        outputStride: count * stateSize,
        dh_n: dys[d]!,
        dc_n: cell === 'lstm' ? dys[count + d]! : 0,
        dx,
        dh0: own.h0,
        dc0: own.c0,
        dweight_ih: own.weight_ih,
        dweight_hh: own.weight_hh,
        dbias_ih: own.bias_ih,
        dbias_hh: own.bias_hh,
        dweight_hr: own.weight_hr,
      });
    if (d === 0) backward(dRows.pointer);
    else {
      backend.withScratch(rowCount * 4, ({ pointer }) => {
        backward(pointer);
        backend.library.addInto(rowCount, dRows.pointer, pointer);
      });
    }
  });
  const flat = gradients.flatMap((direction) => Object.values(direction) as (KernelTensor | null)[]);
  return [dRows, ...flat.filter((tensor) => tensor !== null)].map((tensor) => tensor.info);
};

/** Connects the two kernels for tfjs's tape. */
export function registerRecurrentGradient(kernelName: string, gradientKernelName: string): void {
  tf.registerGradient({
    kernelName,
    saveAllInputs: true,
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [, ...dys] = dy as tf.Tensor[];
      const { present } = attributes as unknown as RecurrentAttributes;
      const gradients = tf
        .engine()
        .runKernel(
          gradientKernelName,
          [...saved, ...dys] as unknown as tf.NamedTensorMap,
          attributes,
        ) as unknown as tf.Tensor[];
      // The index, the second operand where there is one, has no gradient.
      const shift = (n: number): number => (present.index && n > 0 ? n + 1 : n);
      return Object.fromEntries(gradients.map((gradient, n) => [String(shift(n)), () => gradient]));
    },
  });
}

interface Layer {
  readonly rows: tf.TensorInfo;
  readonly directions: readonly DirectionOperands<tf.TensorInfo>[];
  readonly hidden: number;
  /** Features of h: the projection, or the hidden size. */
  readonly stateSize: number;
  readonly reserveBytes: number;
  /** Calls `use` for each direction with all that both passes read, `reserve` aside. */
  run(use: (operands: RecurrentOperands, direction: number) => void): void;
}

function readLayer(
  backend: FusedBackend,
  list: readonly tf.TensorInfo[],
  attributes: RecurrentAttributes,
  training: boolean,
): Layer {
  const { rows, index, directions } = namedOperands(list, attributes.present);
  const { weight_hh, weight_hr } = directions[0]!;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[attributes.cell];
  const hidden = weight_hh.shape[0]! / gates;
  const shape: RecurrentShape = {
    cell: attributes.cell,
    nonlinearity: attributes.nonlinearity,
    batch: attributes.size,
    time: attributes.time,
    rows: rows.shape[0]!,
    input: rows.shape[1]!,
    hidden,
    projection: weight_hr === null ? 0 : weight_hr.shape[0]!,
    indexed: index !== null,
    training,
  };
  const pointer = (tensor: tf.TensorInfo | null): number => (tensor === null ? 0 : backend.pointer(tensor));
  return {
    rows,
    directions,
    hidden,
    stateSize: weight_hh.shape[1]!,
    reserveBytes: Math.ceil(backend.library.recurrentReserveBytes(shape) / 64) * 64,
    run: (use) =>
      backend.withArray(attributes.lengths, (lengths) =>
        backend.withScratch(backend.library.recurrentScratchBytes(shape), (scratch) =>
          directions.forEach((direction, d) => {
            use(
              {
                ...shape,
                ...mapOperands(direction, pointer),
                reverse: d === 1,
                x: backend.pointer(rows),
                index: pointer(index),
                lengths,
                reserve: 0,
                scratch: scratch.pointer,
              },
              d,
            );
          }),
        ),
      ),
  };
}

/** Applies `map` to every operand; the keys keep the order in which they stand in the list of tensors. */
function mapOperands<T, R>(
  direction: DirectionOperands<T>,
  map: (operand: T | null) => R,
): Record<keyof DirectionOperands<T>, R> {
  return {
    weight_ih: map(direction.weight_ih),
    weight_hh: map(direction.weight_hh),
    bias_ih: map(direction.bias_ih),
    bias_hh: map(direction.bias_hh),
    weight_hr: map(direction.weight_hr),
    h0: map(direction.h0),
    c0: map(direction.c0),
  };
}

function operandTotal(present: RecurrentAttributes['present']): number {
  const { directions, index, ...optional } = present;
  const perDirection = 2 + Object.values(optional).filter(Boolean).length;
  return 1 + Number(index) + directions * perDirection;
}

/** Whether tfjs is recording a tape, so that a backward pass will want the saved activations. */
function isRecording(): boolean {
  return (tf.engine() as unknown as { state: { gradientDepth: number } }).state.gradientDepth > 0;
}
