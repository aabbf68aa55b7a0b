import type { tf } from '../../tf.js';
import { cpuBackend } from '../../tf.js';
import type { KernelLibrary } from '../kernels/library.js';
import { type Block, createMemoryPool, type MemoryPool } from './memory-pool.js';

/** What tfjs's CPU backend keeps for a tensor, and for ours the block of kernel memory that `values` is a view of. */
interface TensorEntry {
  values: Float32Array | Int32Array;
  dtype: tf.DataType;
  refCount: number;
  block?: Block;
  rows?: SparseRows;
}

/** A gradient that is zero but for some rows: `values` [ids.length, width] belong to the rows `ids`, which ascend. */
export interface SparseRows {
  readonly ids: Int32Array;
  readonly block: Block;
  readonly width: number;
}

/** A tensor in kernel memory: its info for tfjs, its address for kernels, its values for TypeScript. */
export interface KernelTensor<A extends Float32Array | Int32Array = Float32Array> {
  readonly info: tf.TensorInfo;
  readonly pointer: number;
  readonly values: A;
}

/** Kernel memory for the length of one kernel call. */
export interface Scratch {
  readonly pointer: number;
}

/**
 * tfjs's CPU backend over memory that our kernels share. Tensors that a kernel makes or reads live in blocks of a pool;
 * all others stay plain arrays until a kernel asks for them.
 */
export class FusedBackend extends cpuBackend.MathBackendCPU {
  readonly library: KernelLibrary;
  private readonly pool: MemoryPool;

  constructor(library: KernelLibrary) {
    super();
    this.library = library;
    this.pool = createMemoryPool(library);
    // The CPU backend greets Node users with an advertisement on its first tensor.
    (this as unknown as { firstUse: boolean }).firstUse = false;
  }

  /** A new float32 tensor in kernel memory, not cleared. */
  allocate(shape: readonly number[]): KernelTensor {
    return this.allocateTyped(shape, 'float32', Float32Array);
  }

  /** A new int32 tensor in kernel memory, not cleared. */
  allocateInt(shape: readonly number[]): KernelTensor<Int32Array> {
    return this.allocateTyped(shape, 'int32', Int32Array);
  }

  /** A tensor whose block is larger than its shape says: memory that only kernels read, kept and freed like a tensor. */
  allocateOpaque(bytes: number): KernelTensor {
    return this.adopt(this.pool.take(bytes), [1], 'float32', Float32Array);
  }

  /**
   * A gradient of `shape` [V, width] that is zero but for the rows `ids`, whose values are those of a tensor and stay in
   * its memory; dense as soon as anything reads its values.
   */
  allocateRows(shape: readonly [number, number], ids: Int32Array, values: tf.TensorInfo): tf.TensorInfo {
    const width = shape[1];
    this.pointer(values);
    const rows: SparseRows = { ids, block: this.pool.share(this.entry(values).block!), width };
    const info = this.makeTensorInfo([...shape], 'float32', new Float32Array(0));
    const entry = this.entry(info);
    entry.rows = rows;
    Object.defineProperty(entry, 'values', {
      configurable: true,
      get: () => this.densify(entry, rows, shape[0] * width),
      set: (values) => Object.defineProperty(entry, 'values', { value: values, writable: true, configurable: true }),
    });
    return info;
  }

  /** The rows of a sparse gradient that nothing has made dense, or null. */
  rowsOf(tensor: tf.TensorInfo): SparseRows | null {
    return this.entry(tensor).rows ?? null;
  }

  /** The address of a tensor's values; copies them to kernel memory the first time. */
  pointer(tensor: tf.TensorInfo): number {
    const entry = this.entry(tensor);
    if (entry.block === undefined) this.moveToKernelMemory(entry);
    return entry.block!.pointer;
  }

  /** The values themselves, not a copy. */
  valuesOf(tensor: tf.TensorInfo): Float32Array | Int32Array {
    return this.entry(tensor).values;
  }

  /** Runs `use` with kernel memory of so many bytes and takes it back. */
  withScratch<R>(bytes: number, use: (scratch: Scratch) => R): R {
    const block = this.pool.take(bytes);
    try {
      return use(block);
    } finally {
      this.pool.give(block);
    }
  }

  /** Runs `use` with the address of a copy of `values` in kernel memory (0 for null). */
  withArray<R>(values: Int32Array | Float32Array | null, use: (pointer: number) => R): R {
    if (values === null) return use(0);
    const block = this.pool.take(values.byteLength);
    new Uint8Array(block.buffer, block.byteOffset, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    try {
      return use(block.pointer);
    } finally {
      this.pool.give(block);
    }
  }

  /** Gives arrays that are views of someone's block (tfjs slices without copying) memory of their own. */
  detach(tensor: tf.TensorInfo): void {
    const entry = this.data.get(tensor.dataId) as unknown as TensorEntry;
    if (entry.rows !== undefined || entry.block !== undefined) return;
    if (ArrayBuffer.isView(entry.values) && this.pool.owns(entry.values)) entry.values = entry.values.slice();
  }

  /** A copy: the block behind the values will be used again once the tensor is disposed. */
  override readSync(dataId: object): ReturnType<cpuBackend.MathBackendCPU['readSync']> {
    const entry = this.data.get(dataId) as unknown as TensorEntry;
    return entry.block === undefined ? super.readSync(dataId) : entry.values.slice();
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.data.has(dataId) ? (this.data.get(dataId) as unknown as TensorEntry) : null;
    const released = super.disposeData(dataId, force);
    if (released && entry !== null) {
      if (entry.block !== undefined) this.pool.give(entry.block);
      if (entry.rows !== undefined) this.pool.give(entry.rows.block);
    }
    return released;
  }

  private entry(tensor: tf.TensorInfo): TensorEntry {
    return this.data.get(tensor.dataId) as unknown as TensorEntry;
  }

  private allocateTyped<A extends Float32Array | Int32Array>(
    shape: readonly number[],
    dtype: 'float32' | 'int32',
    type: new (buffer: ArrayBufferLike, offset: number, length: number) => A,
  ): KernelTensor<A> {
    const size = shape.reduce((product, n) => product * n, 1);
    return this.adopt(this.pool.take(size * 4), shape, dtype, type);
  }

  private adopt<A extends Float32Array | Int32Array>(
    block: Block,
    shape: readonly number[],
    dtype: 'float32' | 'int32',
    type: new (buffer: ArrayBufferLike, offset: number, length: number) => A,
  ): KernelTensor<A> {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = new type(block.buffer, block.byteOffset, size);
    const info = this.makeTensorInfo([...shape], dtype, values);
    this.entry(info).block = block;
    return { info, pointer: block.pointer, values };
  }

  private moveToKernelMemory(entry: TensorEntry): void {
    const values = entry.values;
    const block = this.pool.take(values.byteLength);
    const type = values instanceof Int32Array ? Int32Array : Float32Array;
    const view = new type(block.buffer as ArrayBuffer, block.byteOffset, values.length);
    view.set(values);
    entry.values = view;
    entry.block = block;
  }

  private densify(entry: TensorEntry, rows: SparseRows, size: number): Float32Array {
    const dense = new Float32Array(size);
    const source = floats(rows.block, rows.ids.length * rows.width);
    rows.ids.forEach((id, n) => {
      dense.set(source.subarray(n * rows.width, (n + 1) * rows.width), id * rows.width);
    });
    delete entry.rows;
    this.pool.give(rows.block);
    entry.values = dense;
    return dense;
  }
}

function floats(block: Block, length: number): Float32Array {
  return new Float32Array(block.buffer as ArrayBuffer, block.byteOffset, length);
}
