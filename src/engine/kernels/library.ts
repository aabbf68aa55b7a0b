/**
 * What the compiled kernels offer, the same for the native addon and for WebAssembly. Tensors are row-major float32
 * (int32 where named) in kernel memory and are named by pointers; a pointer of 0 means "absent". Shapes use B batch,
 * T time, I input, H hidden, P projection, G gates (LSTM 4: i, f, g, o; GRU 3: r, z, n; RNN 1), V rows of a table,
 * E its width, U rows in use. No kernel keeps a pointer after it returns; none depends on addresses: the same input
 * gives the same bits on every call.
 */
export interface KernelLibrary {
  readonly name: 'native' | 'wasm';
  /** The instruction set: `portable`, `avx2`, `avx512`, `simd128` or `relaxed_simd`. */
  readonly variant: string;

  /** Memory for `bytes` bytes, aligned to 64, its contents unspecified; throws EngineError when there is no more. */
  allocate(bytes: number): Allocation;
  /** Gives an allocation back; its memory is used again, so views of it must no longer be used. */
  release(pointer: Pointer): void;

  /** C = activation(op(A)·op(B) [+ C] [+ bias]); [M, N] from [M, K] and [K, N]. */
  gemm(product: Gemm): void;

  /** Bytes of the `reserve` that carries a forward pass to its backward pass. */
  recurrentReserveBytes(shape: RecurrentShape): number;
  /** Bytes of the `scratch` that either pass of this shape needs; free to use again after each call. */
  recurrentScratchBytes(shape: RecurrentShape): number;
  /** Runs one direction of one layer over all time steps. */
  recurrentForward(layer: RecurrentForward): void;
  /** The gradients of one direction of one layer; consumes the `reserve` of its forward pass (one call each). */
  recurrentBackward(layer: RecurrentBackward): void;

  /** out[u, :] = table[ids[u], :]; [U, E] from [V, E]. */
  gatherRows(rows: RowTransfer): void;
  /** table[ids[u], :] += out[u, :], in the order of u; `table` is not cleared first. */
  scatterAddRows(rows: RowTransfer): void;

  /** output[b, f] = the largest input[b, t, f] over t < length[b], position[b, f] the first t that has it (int32). */
  maxOverTime(pool: Pool & { readonly input: Pointer; readonly output: Pointer; readonly position: Pointer }): void;
  /** gradient [B, T, F] (written whole) from output_gradient [B, F] and the positions of the forward pass. */
  maxOverTimeBackward(pool: Pool & PoolGradient & { readonly position: Pointer }): void;
  /** output[b, f] = the mean of input[b, t, f] over t < length[b]. */
  meanOverTime(pool: Pool & { readonly input: Pointer; readonly output: Pointer }): void;
  /** gradient [B, T, F] (written whole) from output_gradient [B, F]. */
  meanOverTimeBackward(pool: Pool & PoolGradient): void;

  /** Cross-entropy of softmax(logits) per row, its gradient and the predicted classes, in one pass. */
  softmaxCrossEntropy(loss: SoftmaxCrossEntropy): void;

  /** One optimizer step, in place, as PyTorch defines it. */
  optimizerStep(step: OptimizerStep): void;

  /** Σ x², summed in double precision. */
  sumOfSquares(count: number, x: Pointer): number;
  /** sums[n] = Σ over rows of x[row, n], summed in double precision: [width] from [rows, width]. */
  sumOverRows(rows: number, width: number, x: Pointer, sums: Pointer): void;
  /** x *= factor. */
  scale(count: number, x: Pointer, factor: number): void;
  /** target += source. */
  addInto(count: number, target: Pointer, source: Pointer): void;
  /**
   * Multiplies and adds in registers alone, to measure what this core can reach at most: the number of floating-point
   * operations done. `out` is room for 16 floats: factors in, sums out.
   */
  multiplyAdds(rounds: number, out: Pointer): number;

  /** out[i] = 1 / keep where uniform(word i of the stream) < keep, else 0 (see src/random/stream.ts). */
  dropoutMask(stream: StreamRange & { readonly keep: number }): void;
  /** out[i] = uniform(word i of the stream), in [0, 1). */
  fillUniform(stream: StreamRange): void;
  /** out[i] = deviation · normal i of the stream (float32 of the double product). */
  fillNormal(stream: StreamRange & { readonly deviation: number }): void;
  /** out[i] = word i of the stream (uint32). */
  fillWords(stream: StreamRange): void;
  /** out = the Philox4x32-10 block (four uint32) of a counter (four words) under a key (two). */
  philoxBlock(counter: readonly number[], key: readonly number[], out: Pointer): void;
}

/** A place in kernel memory (an address, or an offset into WebAssembly's memory); 0 means "absent". */
export type Pointer = number;

/** `new Float32Array(buffer, byteOffset, count)` sees the memory at `pointer`; valid until `release(pointer)`. */
export interface Allocation {
  readonly pointer: Pointer;
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly byteOffset: number;
}

export type Activation = 'none' | 'relu' | 'tanh' | 'sigmoid';

export interface Gemm {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** [M, K], or [K, M] with `transposeA`. */
  readonly a: Pointer;
  readonly transposeA?: boolean;
  /** Floats from row to row of `a` as stored; default: its row length. */
  readonly strideA?: number;
  /** [K, N], or [N, K] with `transposeB`. */
  readonly b: Pointer;
  readonly transposeB?: boolean;
  readonly strideB?: number;
  /** [M, N]; must not overlap `a` or `b`. */
  readonly c: Pointer;
  readonly strideC?: number;
  /** Adds to what C holds. */
  readonly accumulate?: boolean;
  /** [N], added to every row. */
  readonly bias?: Pointer;
  readonly activation?: Activation;
}

/** Everything that decides the sizes of `reserve` and `scratch`. */
export interface RecurrentShape {
  readonly cell: 'lstm' | 'gru' | 'rnn';
  /** RNN only; default `tanh`. */
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly batch: number;
  readonly time: number;
  /** N, the rows of x: batch·time without an index. */
  readonly rows: number;
  readonly input: number;
  readonly hidden: number;
  /** LSTM only: P, or 0 without a projection. */
  readonly projection?: number;
  /** Whether the call has an `index`. */
  readonly indexed: boolean;
  /** From the last step to the first. */
  readonly reverse?: boolean;
  /** Whether a backward pass follows; without it `reserve` is small. */
  readonly training: boolean;
}

/** What both passes read: one direction's parameters under PyTorch's names, its input and initial state. */
export interface RecurrentOperands extends RecurrentShape {
  /** [N, I]. */
  readonly x: Pointer;
  /** int32 [B, T]: sequence b reads x[index[b, t]] at time t; without it row b·T + t. */
  readonly index?: Pointer;
  /** int32 [B], 0 to T: later steps take no part (PyTorch's packed sequences), their output is 0, and the reverse
   * direction starts at each sequence's own last step. */
  readonly lengths?: Pointer;
  /** [B, P or H]; absent: zeros. */
  readonly h0?: Pointer;
  /** [B, H], LSTM; absent: zeros. */
  readonly c0?: Pointer;
  /** [G·H, I]. */
  readonly weight_ih: Pointer;
  /** [G·H, P or H]. */
  readonly weight_hh: Pointer;
  /** [G·H]. */
  readonly bias_ih?: Pointer;
  /** [G·H]. */
  readonly bias_hh?: Pointer;
  /** [P, H], with a projection. */
  readonly weight_hr?: Pointer;
  readonly reserve: Pointer;
  readonly scratch: Pointer;
}

export interface RecurrentForward extends RecurrentOperands {
  /** [B, T, P or H], rows `outputStride` floats apart (so that both directions write into one [B, T, 2H]). */
  readonly output?: Pointer;
  /** Default: P or H. */
  readonly outputStride?: number;
  /** [B, P or H], the state after each sequence's last step. */
  readonly h_n?: Pointer;
  /** [B, H], LSTM. */
  readonly c_n?: Pointer;
}

/** Gradients come in as `d_output`, `dh_n`, `dc_n` (absent: zero) and go out to the others, which are written whole. */
export interface RecurrentBackward extends RecurrentOperands {
  readonly d_output?: Pointer;
  readonly outputStride?: number;
  readonly dh_n?: Pointer;
  readonly dc_n?: Pointer;
  /** [N, I]; rows that several positions read get the sum. */
  readonly dx?: Pointer;
  readonly dh0?: Pointer;
  readonly dc0?: Pointer;
  /** The gradients of the parameters; absent: not wanted. */
  readonly dweight_ih?: Pointer;
  readonly dweight_hh?: Pointer;
  readonly dbias_ih?: Pointer;
  readonly dbias_hh?: Pointer;
  readonly dweight_hr?: Pointer;
}

export interface RowTransfer {
  /** U. */
  readonly count: number;
  /** E. */
  readonly width: number;
  /** [V, E]. */
  readonly table: Pointer;
  /** int32 [U], each 0 to V − 1. */
  readonly ids: Pointer;
  /** [U, E]. */
  readonly out: Pointer;
}

/** A reduction over the time of [B, T, F]; a sequence of length 0 gives 0 (position −1) and gets no gradient. */
export interface Pool {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  /** int32 [B], or absent for all of T. */
  readonly lengths?: Pointer;
}

export interface PoolGradient {
  /** [B, F]. */
  readonly outputGradient: Pointer;
  /** [B, T, F]. */
  readonly gradient: Pointer;
}

export interface SoftmaxCrossEntropy {
  /** R. */
  readonly rows: number;
  /** C. */
  readonly classes: number;
  /** [R, C]. */
  readonly logits: Pointer;
  /** int32 [R]; a negative label leaves the row out (loss and gradient 0). */
  readonly labels: Pointer;
  /** [C]. */
  readonly classWeights?: Pointer;
  /** PyTorch's `label_smoothing`; default 0. */
  readonly smoothing?: number;
  /** [R]: each row's loss, weighted; not divided by anything. */
  readonly losses?: Pointer;
  /** [R, C]: the derivative of each row's loss with respect to its logits. */
  readonly gradient?: Pointer;
  /** int32 [R]: the first class with the largest logit. */
  readonly predictions?: Pointer;
}

interface OptimizerStepBase {
  /** [V, E], updated in place; a parameter of n values is one row of width n. */
  readonly parameter: Pointer;
  readonly rows: number;
  readonly width: number;
  /** [V, E], or with `ids` [U, E]. */
  readonly gradient: Pointer;
  /** int32 [U], ascending: row ids[u]'s gradient is row u of `gradient`; all others' are zero (their moments still decay). */
  readonly ids?: Pointer;
  /** U, with `ids`. */
  readonly count?: number;
  readonly learningRate: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** The gradient is multiplied by this first (a clipped norm); default 1. */
  readonly gradientScale?: number;
  /** Then it is held within ± this; default: no bound. */
  readonly clipValue?: number;
}

export type OptimizerStep = OptimizerStepBase &
  (
    | {
        readonly rule: 'sgd';
        /** Default 0. */
        readonly momentum?: number;
        readonly nesterov?: boolean;
        /** [V, E], zero at first; wanted with momentum. */
        readonly momentumBuffer?: Pointer;
      }
    | {
        readonly rule: 'adam' | 'adamw';
        readonly beta1: number;
        readonly beta2: number;
        readonly epsilon: number;
        /** This step's number, from 1. */
        readonly step: number;
        /** The moments, [V, E] each, zero at first. */
        readonly firstMoment: Pointer;
        readonly secondMoment: Pointer;
      }
    | {
        readonly rule: 'rmsprop';
        readonly alpha: number;
        readonly epsilon: number;
        readonly momentum?: number;
        /** [V, E], zero at first. */
        readonly squareAverage: Pointer;
        /** [V, E], zero at first; wanted with momentum. */
        readonly momentumBuffer?: Pointer;
      }
    | {
        readonly rule: 'adagrad';
        readonly epsilon: number;
        /** [V, E], zero at first (or PyTorch's initial_accumulator_value). */
        readonly squareSum: Pointer;
      }
  );

/** Words 0 to count − 1 of the stream with this Philox key and index (`streamKey(seed, purpose)`). */
export interface StreamRange {
  readonly key: readonly [number, number];
  readonly index: number;
  readonly count: number;
  readonly out: Pointer;
}
