import type { tf } from '../../../tf.js';
import {
  type Binding,
  type OpAttribute,
  type OutputMetadata,
  type TensorflowBackend,
  tensorflowBackend,
} from '../backend.js';

/** A handle of a TensorFlow tensor with its shape; whoever made it lets it go. */
export type Handle = OutputMetadata;

/**
 * TensorFlow ops on handles. A tfjs tensor per intermediate result would cost several times what a small op does; here
 * all that `ops` makes is let go together when the kernel ends, but for what `keep` turned into tensors.
 */
export interface Ops {
  readonly backend: TensorflowBackend;
  /** The handle of a tensor, which goes on owning it. */
  of(tensor: tf.TensorInfo): Handle;
  /** Runs an op with one output. */
  one(name: string, inputs: readonly Handle[], attributes?: readonly OpAttribute[]): Handle;
  many(name: string, inputs: readonly Handle[], attributes: readonly OpAttribute[], outputs: number): Handle[];
  /** Runs an op without outputs. */
  none(name: string, inputs: readonly Handle[], attributes: readonly OpAttribute[]): void;
  floats(values: Float32Array, shape: readonly number[]): Handle;
  scalar(value: number): Handle;
  ints(values: Int32Array, shape: readonly number[]): Handle;
  /** Bytes, 0 or 1. */
  bools(values: Uint8Array, shape: readonly number[]): Handle;
  /** A scalar int64. */
  long(value: number): Handle;
  /** A tfjs tensor that owns the handle from now on; the same one when it is asked for twice. */
  keep<T extends tf.Tensor = tf.Tensor>(handle: Handle): T;
  readonly attribute: Attributes;
}

/** Runs `use` with TensorFlow's ops and lets go of every handle that it made and did not keep. */
export function withOps<R>(use: (ops: Ops) => R): R {
  const backend = tensorflowBackend();
  const { binding } = backend;
  const made = new Set<number>();
  const kept = new Map<number, tf.Tensor>();
  const attribute = attributesOf(binding);
  const note = (handle: Handle): Handle => {
    made.add(handle.id);
    return handle;
  };
  const many: Ops['many'] = (name, inputs, attributes, outputs) =>
    binding
      .executeOp(
        name,
        attributes,
        inputs.map(({ id }) => id),
        outputs,
      )
      .map(note);
  const create = (shape: readonly number[], dtype: number, values: ArrayBufferView): Handle =>
    note({ id: binding.createTensor(shape, dtype, values), shape: [...shape], dtype });
  try {
    return use({
      backend,
      attribute,
      many,
      of: (tensor) => ({
        id: backend.getInputTensorIds([tensor])[0]!,
        shape: tensor.shape,
        dtype: tensor.dtype === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT,
      }),
      one: (name, inputs, attributes = []) => many(name, inputs, attributes, 1)[0]!,
      none: (name, inputs, attributes) => {
        many(name, inputs, attributes, 0);
      },
      floats: (values, shape) => create(shape, binding.TF_FLOAT, values),
      scalar: (value) => create([], binding.TF_FLOAT, Float32Array.of(value)),
      ints: (values, shape) => create(shape, binding.TF_INT32, values),
      bools: (values, shape) => create(shape, binding.TF_BOOL, values),
      long: (value) => create([], binding.TF_INT64, Int32Array.of(value, 0)),
      keep: <T extends tf.Tensor>(handle: Handle) => {
        const before = kept.get(handle.id);
        if (before !== undefined) return before as T;
        // A handle that some tensor owns already is kept under another.
        const own = made.has(handle.id) ? handle : many('Identity', [handle], [], 1)[0]!;
        made.delete(own.id);
        const tensor = backend.createOutputTensor(own);
        kept.set(handle.id, tensor);
        return tensor as T;
      },
    });
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}

/** Attributes by kind; those that follow from an op's inputs, as most types do, TensorFlow finds by itself. */
export interface Attributes {
  type(name: string, type: 'float' | 'int' | 'int8'): OpAttribute;
  int(name: string, value: number): OpAttribute;
  bool(name: string, value: boolean): OpAttribute;
  number(name: string, value: number): OpAttribute;
  text(name: string, value: string): OpAttribute;
  shape(name: string, value: readonly number[]): OpAttribute;
}

/** TensorFlow's number of a type that the binding has no name for. */
const TF_INT8 = 6;

function attributesOf(binding: Binding): Attributes {
  const types = { float: binding.TF_FLOAT, int: binding.TF_INT32, int8: TF_INT8 };
  const attribute = (type: number) => (name: string, value: unknown) => ({ name, type, value });
  return {
    type: (name, of) => attribute(binding.TF_ATTR_TYPE)(name, types[of]),
    int: attribute(binding.TF_ATTR_INT),
    bool: attribute(binding.TF_ATTR_BOOL),
    number: attribute(binding.TF_ATTR_FLOAT),
    text: attribute(binding.TF_ATTR_STRING),
    shape: attribute(binding.TF_ATTR_SHAPE),
  };
}
