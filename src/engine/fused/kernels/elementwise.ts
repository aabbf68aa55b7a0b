import { tf } from '../../../tf.js';
import type { FusedBackend } from '../backend.js';
import type { FusedKernel } from './kernel.js';

/** Writes the element-wise result of two operands to `out`; the second repeats where it is shorter than the first. */
type Binary = (long: Float32Array, short: Float32Array, out: Float32Array) => void;
type Unary = (x: Float32Array, out: Float32Array) => void;

/**
 * tfjs's element-wise kernels for what a hand-written cell does at every step: equal shapes, or a bias added to rows.
 * tfjs's own take a modulo per element, and where shapes differ a list of indices per element. Same results, bit by
 * bit; whatever else they are asked goes to tfjs.
 */
export const ELEMENTWISE: Readonly<Record<string, FusedKernel<never, never>>> = {
  Add: binary('Add', add, add),
  Multiply: binary('Multiply', multiply, multiply),
  Sub: binary('Sub', subtract, subtractFrom),
  Sigmoid: unary('Sigmoid', sigmoid),
  Tanh: unary('Tanh', tanh),
  ZerosLike: unary('ZerosLike', (_, out) => out.fill(0)),
};

interface BinaryInputs {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
}

/** `swapped` computes the same with its operands the other way round: for a first operand that is the shorter one. */
function binary(kernel: string, compute: Binary, swapped: Binary) {
  const run: FusedKernel<BinaryInputs, tf.NamedAttrMap> = (backend, { a, b }, attributes) => {
    const isFloat = a.dtype === 'float32' && b.dtype === 'float32';
    if (isFloat && repeats(b.shape, a.shape)) return apply(compute, backend, a, b);
    if (isFloat && repeats(a.shape, b.shape)) return apply(swapped, backend, b, a);
    return onCpu(kernel, backend, { a, b }, attributes);
  };
  return run as FusedKernel<never, never>;
}

function apply(compute: Binary, backend: FusedBackend, long: tf.TensorInfo, short: tf.TensorInfo): tf.TensorInfo[] {
  const out = backend.allocate(long.shape);
  compute(floats(backend, long), floats(backend, short), out.values);
  return [out.info];
}

function unary(kernel: string, compute: Unary) {
  const run: FusedKernel<{ readonly x: tf.TensorInfo }, tf.NamedAttrMap> = (backend, { x }, attributes) => {
    if (x.dtype !== 'float32') return onCpu(kernel, backend, { x }, attributes);
    const out = backend.allocate(x.shape);
    compute(floats(backend, x), out.values);
    return [out.info];
  };
  return run as FusedKernel<never, never>;
}

/** Whether a tensor of `shape` is the same for every leading index of one of shape `whole`: a bias for rows, or a scalar. */
function repeats(shape: readonly number[], whole: readonly number[]): boolean {
  const leading = whole.length - shape.length;
  return leading >= 0 && shape.every((size, n) => size === whole[leading + n]) && !shape.includes(0);
}

function floats(backend: FusedBackend, tensor: tf.TensorInfo): Float32Array {
  return backend.valuesOf(tensor) as Float32Array;
}

function onCpu(kernel: string, backend: FusedBackend, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) {
  const results = tf.getKernel(kernel, 'cpu').kernelFunc({ inputs, attrs, backend });
  const tensors = Array.isArray(results) ? results : [results];
  for (const tensor of tensors) backend.detach(tensor);
  return tensors;
}

// Loops of their own: one that calls a function per element is several times slower once it has seen two functions.

function add(long: Float32Array, short: Float32Array, out: Float32Array): void {
  for (let start = 0; start < long.length; start += short.length) {
    for (let n = 0; n < short.length; n++) out[start + n] = long[start + n]! + short[n]!;
  }
}

function multiply(long: Float32Array, short: Float32Array, out: Float32Array): void {
  for (let start = 0; start < long.length; start += short.length) {
    for (let n = 0; n < short.length; n++) out[start + n] = long[start + n]! * short[n]!;
  }
}

function subtract(long: Float32Array, short: Float32Array, out: Float32Array): void {
  for (let start = 0; start < long.length; start += short.length) {
    for (let n = 0; n < short.length; n++) out[start + n] = long[start + n]! - short[n]!;
  }
}

function subtractFrom(long: Float32Array, short: Float32Array, out: Float32Array): void {
  for (let start = 0; start < long.length; start += short.length) {
    for (let n = 0; n < short.length; n++) out[start + n] = short[n]! - long[start + n]!;
  }
}

function sigmoid(x: Float32Array, out: Float32Array): void {
  for (let n = 0; n < x.length; n++) out[n] = 1 / (1 + Math.exp(-x[n]!));
}

function tanh(x: Float32Array, out: Float32Array): void {
  for (let n = 0; n < x.length; n++) out[n] = Math.tanh(x[n]!);
}
