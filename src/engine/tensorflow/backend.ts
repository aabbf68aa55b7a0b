import { tf } from '../../tf.js';

/** An attribute of a TensorFlow op, as tfjs-node's binding takes it. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What the binding says of an op's output: `id` is the tensor's handle. */
export interface OutputMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** tfjs-node's native part; the type numbers are TensorFlow's. */
export interface Binding {
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_Version: string;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): OutputMetadata[];
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
}

/** What tfjs-node keeps for a tensor: `id` is -1 until an op first reads it. */
interface TensorEntry {
  id: number;
  values: unknown;
  refCount: number;
}

/** tfjs-node's backend, by the parts that this engine uses. */
export interface TensorflowBackend {
  readonly binding: Binding;
  /** What TensorFlow itself found, not what was hoped for. */
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: { get(dataId: object): TensorEntry };
  /** Handles of tensors; values that still lie in JavaScript are handed to TensorFlow first. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  /** A tfjs tensor that owns a handle. */
  createOutputTensor(metadata: OutputMetadata): tf.Tensor;
}

/** The current backend, which must be tfjs-node's. */
export function tensorflowBackend(): TensorflowBackend {
  return tf.backend() as unknown as TensorflowBackend;
}
