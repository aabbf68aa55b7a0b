/**
 * Run as a process of its own: loads a kernel library, or the TensorFlow that lies in a folder, tries it, and prints the
 * answer as JSON.
 */

import type { NativeVariant, WasmVariant } from '../plan/engine-variants.js';
import type { ProbeAnswer } from '../run/probe-engine.js';
import type { KernelLibrary } from './kernels/library.js';
import type { TensorflowAnswer } from './tensorflow/try-engine.js';

const [engine, variant] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await answer())}\n`);

async function answer(): Promise<ProbeAnswer | TensorflowAnswer> {
  try {
    if (engine === 'tensorflow') return await (await import('./tensorflow/self-test.js')).selfTest(variant!);
    const library = await load();
    return multiplies(library)
      ? { works: true, variant: library.variant }
      : { works: false, reason: 'its matrix product is wrong' };
  } catch (error) {
    return { works: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function load(): Promise<KernelLibrary> {
  if (engine === 'wasm') return (await import('./kernels/wasm.js')).loadWasmKernels(variant as WasmVariant | undefined);
  const { loadNativeKernels } = await import('./kernels/native.js');
  return loadNativeKernels(variant as NativeVariant | undefined);
}

/** A product whose every term differs, so that a wrong tile or stride shows. */
function multiplies(library: KernelLibrary): boolean {
  const size = 37;
  const bytes = size * size * 4;
  const [a, b, c] = [0, 1, 2].map(() => {
    const memory = library.allocate(bytes);
    return {
      pointer: memory.pointer,
      values: new Float32Array(memory.buffer as ArrayBuffer, memory.byteOffset, size * size),
    };
  });
  for (let n = 0; n < size * size; n++) {
    a!.values[n] = (n % 13) - 6;
    b!.values[n] = (n % 11) - 5;
  }
  library.gemm({ m: size, n: size, k: size, a: a!.pointer, b: b!.pointer, c: c!.pointer });
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += a!.values[row * size + k]! * b!.values[k * size + column]!;
      if (c!.values[row * size + column] !== sum) return false;
    }
  }
  return true;
}
