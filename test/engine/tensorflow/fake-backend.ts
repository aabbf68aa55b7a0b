import type {
  Binding,
  OpAttribute,
  OutputMetadata,
  TensorflowBackend,
} from '../../../src/engine/tensorflow/backend.js';
import { cpuBackend, tf } from '../../../src/tf.js';
import { type CudnnCall, fakeCudnn } from './fake-cudnn.js';

interface Held {
  readonly shape: number[];
  readonly dtype: number;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

const FLOAT = 1;
const INT32 = 3;
const INT8 = 6;
const BOOL = 10;

export interface FakeGpu {
  /** The calls of cuDNN's ops so far. */
  readonly calls: CudnnCall[];
  /** Handles that nobody has let go of. */
  handles(): number;
  /** Changes what the named op gives. */
  spoil(name: string, change: (outputs: OutputMetadata[], values: (id: number) => Held['values']) => void): void;
}

/**
 * Makes current a backend like tfjs-node's on a GPU: the few ops that a layer by cuDNN needs in JavaScript, cuDNN's own
 * emulated, everything else by tfjs's CPU backend.
 */
export async function useFakeGpu(name = 'fake-gpu'): Promise<FakeGpu> {
  const held = new Map<number, Held>();
  const borrowed = new Set<number>();
  const calls: CudnnCall[] = [];
  const spoilers = new Map<string, Parameters<FakeGpu['spoil']>[1]>();
  let next = 0;
  const hold = (shape: readonly number[], values: Held['values'], dtype = dtypeOf(values)): OutputMetadata => {
    if (shape.reduce((product, extent) => product * extent, 1) !== values.length) throw new Error('a wrong shape');
    held.set(next, { shape: [...shape], dtype, values });
    return { id: next++, shape: [...shape], dtype };
  };
  const find = (id: number): Held => {
    const found = held.get(id);
    if (found === undefined) throw new Error(`no tensor ${id}`);
    return found;
  };
  const access = { shape: (id: number) => find(id).shape, values: (id: number) => find(id).values, create: hold };
  const cudnn = fakeCudnn(access, calls, { garbage: Number.NaN });
  const binding = {
    ...{ TF_ATTR_TYPE: 6, TF_ATTR_INT: 2, TF_ATTR_FLOAT: 3, TF_ATTR_BOOL: 4, TF_ATTR_SHAPE: 7, TF_ATTR_STRING: 1 },
    ...{ TF_FLOAT: FLOAT, TF_INT32: INT32, TF_INT64: 9, TF_BOOL: BOOL, TF_Version: 'fake' },
    executeOp(op: string, attributes: readonly OpAttribute[], inputs: readonly number[]): OutputMetadata[] {
      const outputs = cudnn(op, attributes, inputs) ?? OPS[op]!(inputs.map(find), attributesOf(attributes), hold);
      spoilers.get(op)?.(outputs, (id) => find(id).values);
      return outputs;
    },
    createTensor: (shape: readonly number[], dtype: number, values: ArrayBufferView) =>
      hold(shape, values as Held['values'], dtype).id,
    deleteTensor(id: number) {
      if (!held.delete(id)) throw new Error(`no tensor ${id}`);
    },
    tensorDataSync: (id: number) => find(id).values as Float32Array,
  } satisfies Binding;

  class FakeBackend extends cpuBackend.MathBackendCPU {
    readonly binding = binding;
    readonly isUsingGpuDevice = true;
    /** Tensors live in the CPU backend, which is not to let go of the handles that ops look at them by. */
    getInputTensorIds(tensors: tf.Tensor[]): number[] {
      return tensors.map((tensor) => {
        const { id } = hold(tensor.shape, tensor.dataSync() as Float32Array);
        borrowed.add(id);
        return id;
      });
    }
    createOutputTensor({ id, shape, dtype }: OutputMetadata): tf.Tensor {
      const { values } = find(id);
      borrowed.add(id);
      return tf.tensor(values as Float32Array, shape, dtype === INT32 ? 'int32' : 'float32');
    }
  }
  if (tf.findBackendFactory(name) !== null) tf.removeBackend(name);
  else tf.copyRegisteredKernels('cpu', name);
  const backend = new FakeBackend();
  // Spares the log an invitation to install tfjs-node.
  Object.assign(backend, { firstUse: false });
  tf.registerBackend(name, () => backend as unknown as tf.KernelBackend & TensorflowBackend);
  await tf.setBackend(name);
  return { calls, handles: () => held.size - borrowed.size, spoil: (op, change) => spoilers.set(op, change) };
}

type Hold = (shape: readonly number[], values: Held['values'], dtype?: number) => OutputMetadata;
type Op = (inputs: readonly Held[], attributes: Readonly<Record<string, unknown>>, hold: Hold) => OutputMetadata[];

const OPS: Readonly<Record<string, Op>> = {
  Identity: ([x], _, hold) => [hold(x!.shape, x!.values, x!.dtype)],
  Reshape: ([x, shape], _, hold) => [hold(Array.from(shape!.values), x!.values)],
  Fill: ([shape, value], _, hold) => {
    const extents = Array.from(shape!.values);
    return [hold(extents, new Float32Array(volume(extents)).fill(value!.values[0]!))];
  },
  Cast: ([x], { DstT }, hold) => {
    if (DstT !== INT8) throw new Error('only to int8');
    return [hold(x!.shape, x!.values, INT8)];
  },
  // Of vectors.
  ConcatV2: (inputs, { N }, hold) => {
    const parts = inputs.slice(0, N as number).flatMap(({ values }) => Array.from(values));
    return [hold([parts.length], Float32Array.from(parts))];
  },
  SplitV: ([x, sizes], { num_split }, hold) => {
    let from = 0;
    if (sizes!.values.length !== num_split) throw new Error('a wrong number of parts');
    return Array.from(sizes!.values, (size) => {
      from += size;
      return hold([size], x!.values.slice(from - size, from));
    });
  },
  GatherV2: ([x, index], _, hold) => {
    const width = x!.shape[1]!;
    const rows = Array.from(index!.values, (row) => Array.from(x!.values.slice(row * width, (row + 1) * width)));
    return [hold([rows.length, width], Float32Array.from(rows.flat()))];
  },
  UnsortedSegmentSum: ([x, index, count], _, hold) => {
    const width = x!.shape[1]!;
    const sums = new Float32Array(count!.values[0]! * width);
    index!.values.forEach((row, n) => {
      for (let k = 0; k < width; k++) sums[row * width + k]! += x!.values[n * width + k]!;
    });
    return [hold([count!.values[0]!, width], sums)];
  },
  // The first two of three dimensions.
  Transpose: ([x, order], _, hold) => {
    if (Array.from(order!.values).join() !== '1,0,2') throw new Error('another order');
    const [rows, columns, width] = x!.shape as [number, number, number];
    const turned = new Float32Array(x!.values.length);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const from = (r * columns + c) * width;
        turned.set(x!.values.subarray(from, from + width), (c * rows + r) * width);
      }
    }
    return [hold([columns, rows, width], turned)];
  },
  Pack: (inputs, { N }, hold) => {
    if (N !== inputs.length) throw new Error('a wrong number of parts');
    const values = Float32Array.from(inputs.flatMap((part) => Array.from(part.values)));
    return [hold([inputs.length, ...inputs[0]!.shape], values)];
  },
  Unpack: ([x], { num }, hold) => {
    const [count, ...shape] = x!.shape as [number, ...number[]];
    if (num !== count) throw new Error('a wrong number of parts');
    const size = volume(shape);
    return Array.from({ length: count }, (_, n) => hold(shape, x!.values.slice(n * size, (n + 1) * size)));
  },
  // A condition per row, and a scalar where it does not hold.
  SelectV2: ([condition, x, other], _, hold) => {
    if (condition!.dtype !== BOOL) throw new Error('expected truth values');
    const width = x!.values.length / condition!.values.length;
    const own = (n: number): boolean => condition!.values[Math.floor(n / width)] === 1;
    return [
      hold(
        x!.shape,
        (x!.values as Float32Array).map((value, n) => (own(n) ? value : other!.values[0]!)),
      ),
    ];
  },
};

function attributesOf(attributes: readonly OpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}

function dtypeOf(values: Held['values']): number {
  return values instanceof Int32Array ? INT32 : FLOAT;
}

function volume(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
