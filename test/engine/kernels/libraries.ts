import type { KernelLibrary, Pointer } from '../../../src/engine/kernels/library.js';
import { loadNativeKernels, nativeVariants } from '../../../src/engine/kernels/native.js';
import { loadWasmKernels } from '../../../src/engine/kernels/wasm.js';
import { ENGINE_VARIANTS, type WasmVariant } from '../../../src/plan/engine-variants.js';
import { randomStream } from '../../../src/random/stream.js';

/** Every library that this machine can run, by name, for `describe.each`. */
export const LIBRARIES: readonly (readonly [string, KernelLibrary])[] = [
  ...variants().map((variant) => [variant, loadNativeKernels(variant as 'portable')] as const),
  ...wasmVariants().map((variant) => [variant, loadWasmKernels(variant)] as const),
];

/** Without a compiler there is no addon, and WebAssembly alone is tested. */
function variants(): readonly string[] {
  try {
    return nativeVariants();
  } catch {
    return [];
  }
}

/** Both on processors that fuse products and sums; those of today do. */
export function wasmVariants(): readonly WasmVariant[] {
  const { wasm } = ENGINE_VARIANTS;
  return wasm.slice(0, wasm.indexOf(loadWasmKernels().variant as WasmVariant) + 1);
}

export interface KernelArray<A> {
  readonly pointer: Pointer;
  readonly values: A;
}

/** A copy of the values in kernel memory; a number asks for that many NaNs, so that what a kernel leaves out shows. */
export function floats(library: KernelLibrary, values: ArrayLike<number> | number): KernelArray<Float32Array> {
  const count = typeof values === 'number' ? values : values.length;
  const memory = library.allocate(count * 4);
  const view = new Float32Array(memory.buffer, memory.byteOffset, count);
  if (typeof values === 'number') view.fill(Number.NaN);
  else view.set(values);
  return { pointer: memory.pointer, values: view };
}

/** The same for int32; a number asks for that many −77s. */
export function ints(library: KernelLibrary, values: ArrayLike<number> | number): KernelArray<Int32Array> {
  const count = typeof values === 'number' ? values : values.length;
  const memory = library.allocate(count * 4);
  const view = new Int32Array(memory.buffer, memory.byteOffset, count);
  if (typeof values === 'number') view.fill(-77);
  else view.set(values);
  return { pointer: memory.pointer, values: view };
}

/** `count` standard normal values times `scale`, always the same for a name. */
export function normals(count: number, name: string, scale = 1): Float32Array {
  const stream = randomStream({ seed: 1, purpose: name });
  return Float32Array.from({ length: count }, () => stream.normal() * scale);
}

/** `count` integers from 0 to `below` − 1. */
export function integers(count: number, below: number, name: string): Int32Array {
  const stream = randomStream({ seed: 1, purpose: name });
  return Int32Array.from({ length: count }, () => stream.below(below));
}

/** The largest difference over the largest magnitude expected; NaN where either side has one. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let magnitude = 0;
  for (let n = 0; n < expected.length; n++) {
    difference = Math.max(difference, Math.abs(found[n]! - expected[n]!));
    magnitude = Math.max(magnitude, Math.abs(expected[n]!));
  }
  return magnitude === 0 ? difference : difference / magnitude;
}
