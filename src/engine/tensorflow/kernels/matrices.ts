import type { Handle, Ops } from './ops.js';

/** TensorFlow's ops on matrices by short names; shapes in the comments are [rows, columns]. */
export interface Matrices {
  /** A·B, either transposed first. */
  product(a: Handle, b: Handle, transposes?: { readonly a?: boolean; readonly b?: boolean }): Handle;
  add(a: Handle, b: Handle): Handle;
  subtract(a: Handle, b: Handle): Handle;
  times(a: Handle, b: Handle): Handle;
  /** x·(1 − x): the derivative of the sigmoid by its value. */
  sigmoidSlope(x: Handle): Handle;
  /** 1 − x²: the derivative of the hyperbolic tangent by its value. */
  tanhSlope(x: Handle): Handle;
  /** Some matrices one under the other (axis 0) or side by side (axis 1). */
  concat(parts: readonly Handle[], axis: 0 | 1): Handle;
  /** Parts of so many columns. */
  columns(x: Handle, widths: readonly number[]): Handle[];
  /** [T·B, F] → T matrices [B, F]. */
  steps(x: Handle, time: number): Handle[];
  reshape(x: Handle, shape: readonly number[]): Handle;
  /** Rows by index. */
  rows(x: Handle, index: Handle): Handle;
  /** [rows, F]: each row of x added to the row that the index gives it. */
  sumByRow(x: Handle, index: Handle, rows: number): Handle;
  /** Σ over the rows: [F]. */
  sumRows(x: Handle): Handle;
  zeros(shape: readonly number[]): Handle;
}

/** The ops on matrices, with the constants that they share made once. */
export function matrices(ops: Ops): Matrices {
  const { attribute } = ops;
  const vector = (values: readonly number[]): Handle => ops.ints(Int32Array.from(values), [values.length]);
  const axes = [ops.ints(Int32Array.of(0), []), ops.ints(Int32Array.of(1), [])] as const;
  const one = ops.scalar(1);
  const floats = attribute.type('T', 'float');
  const steady = { a: attribute.bool('transpose_a', false), b: attribute.bool('transpose_b', false) };
  const turned = { a: attribute.bool('transpose_a', true), b: attribute.bool('transpose_b', true) };
  return {
    product: (a, b, transposes = {}) =>
      ops.one('MatMul', [a, b], [transposes.a ? turned.a : steady.a, transposes.b ? turned.b : steady.b]),
    add: (a, b) => ops.one('AddV2', [a, b]),
    subtract: (a, b) => ops.one('Sub', [a, b]),
    times: (a, b) => ops.one('Mul', [a, b]),
    sigmoidSlope: (x) => ops.one('Mul', [x, ops.one('Sub', [one, x])]),
    tanhSlope: (x) => ops.one('Sub', [one, ops.one('Square', [x])]),
    concat: (parts, axis) =>
      parts.length === 1
        ? parts[0]!
        : ops.one('ConcatV2', [...parts, axes[axis]], [attribute.int('N', parts.length), floats]),
    columns: (x, widths) =>
      ops.many('SplitV', [x, vector(widths), axes[1]], [attribute.int('num_split', widths.length)], widths.length),
    steps: (x, time) =>
      ops.many(
        'Unpack',
        [ops.one('Reshape', [x, vector([time, x.shape[0]! / time, x.shape[1]!])])],
        [attribute.int('num', time), attribute.int('axis', 0)],
        time,
      ),
    reshape: (x, shape) => ops.one('Reshape', [x, vector(shape)]),
    rows: (x, index) => ops.one('GatherV2', [x, index, axes[0]]),
    sumByRow: (x, index, rows) => ops.one('UnsortedSegmentSum', [x, index, ops.ints(Int32Array.of(rows), [])]),
    sumRows: (x) => ops.one('Sum', [x, vector([0])], [attribute.bool('keep_dims', false)]),
    zeros: (shape) => ops.one('Fill', [vector(shape), ops.scalar(0)]),
  };
}
