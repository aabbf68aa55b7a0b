import { readFileSync } from 'node:fs';
import { bindKernels } from './binding.js';
import type { KernelLibrary, Pointer } from './library.js';
import { createLinearMemory, LINEAR_MEMORY_BYTES, PAGE_BYTES } from './linear-memory.js';

const MODULE = new URL('../../../kernels/sweepline.wasm', import.meta.url);

/** The kernels as WebAssembly SIMD128: no compiler needed, and the same bits on every machine. */
export function loadWasmKernels(): KernelLibrary {
  // Shared, because growing a shared memory detaches none of the views of it.
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: LINEAR_MEMORY_BYTES / PAGE_BYTES,
    shared: true,
  });
  const module = new WebAssembly.Module(readFileSync(MODULE));
  const entries = new WebAssembly.Instance(module, { env: { memory } }).exports as Record<
    string,
    (argumentBlock: Pointer) => number
  >;
  // Pointers are read as unsigned.
  const heap = entries.heapBase!(0) >>> 0;
  return bindKernels({ name: 'wasm', variant: 'simd128', entries, ...createLinearMemory(memory, heap) });
}

/** Room for the module's stack and constants. */
const INITIAL_PAGES = 16;
