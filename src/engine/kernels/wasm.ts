import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
import { EngineError } from '../../errors.js';
import { ENGINE_VARIANTS, type WasmVariant } from '../../plan/engine-variants.js';
import { bindKernels } from './binding.js';
import type { KernelLibrary, Pointer } from './library.js';
import { createLinearMemory, LINEAR_MEMORY_BYTES, PAGE_BYTES } from './linear-memory.js';

/**
 * The kernels as WebAssembly: no compiler needed. `simd128` has the same bits on every machine. `relaxed_simd` fuses
 * products and sums, half as fast again; it loads only where the processor rounds them once, so that its bits are the same
 * wherever it runs. The faster one that works here, or the one asked for.
 * @throws EngineError when that does not work here.
 */
export function loadWasmKernels(variant?: WasmVariant): KernelLibrary {
  if (variant === 'simd128') return loadSimd128();
  if (variant !== undefined && variant !== 'relaxed_simd') {
    throw new EngineError(`the wasm kernels have no variant ${variant as string}`, {
      code: 'ENGINE_VARIANT',
      hint: `use one of ${ENGINE_VARIANTS.wasm.join(', ')}`,
    });
  }
  const relaxed = loadRelaxed();
  if (typeof relaxed !== 'string') return relaxed;
  if (variant === undefined) return loadSimd128();
  throw new EngineError(`the wasm kernels have no variant ${variant} for this machine: ${relaxed}`, {
    code: 'ENGINE_VARIANT',
    hint: 'use simd128',
  });
}

interface Exports {
  heapBase(): Pointer;
  /** a² + c. */
  squarePlus(a: number, c: number): number;
  readonly [entry: string]: (...values: readonly number[]) => number;
}

function loadSimd128(): KernelLibrary {
  return bind('simd128', instantiate(new WebAssembly.Module(bytesOf('simd128'))));
}

/** The kernels, or why they do not work here. */
function loadRelaxed(): KernelLibrary | string {
  const module = compileRelaxed(bytesOf('relaxed_simd'));
  if (module === null) return `Node ${process.versions.node} has no relaxed SIMD`;
  const instance = instantiate(module);
  // (1 + 2^-12)² is 1 + 2^-11 + 2^-24, whose last part a product that is rounded by itself loses.
  const fused = instance.exports.squarePlus(1 + 2 ** -12, -(1 + 2 ** -11)) === 2 ** -24;
  return fused ? bind('relaxed_simd', instance) : 'this processor rounds a product before it adds to it';
}

function compileRelaxed(bytes: Buffer): WebAssembly.Module | null {
  const compile = (): WebAssembly.Module | null => {
    try {
      return new WebAssembly.Module(bytes);
    } catch {
      return null;
    }
  };
  const module = compile();
  if (module !== null || !HAS_FLAG) return module;
  v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return compile();
}

/** V8 11.3, of Node 20, has the final instructions, the standard's since, behind a flag. */
const HAS_FLAG = process.versions.v8.startsWith('11.3.');

function bytesOf(variant: WasmVariant): Buffer {
  return readFileSync(new URL(`../../../kernels/${variant}.wasm`, import.meta.url));
}

interface Instance {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
}

function instantiate(module: WebAssembly.Module): Instance {
  // Shared, because growing a shared memory detaches none of the views of it.
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: LINEAR_MEMORY_BYTES / PAGE_BYTES,
    shared: true,
  });
  return { memory, exports: new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports };
}

function bind(variant: WasmVariant, { exports, memory }: Instance): KernelLibrary {
  // Pointers are read as unsigned.
  const heap = exports.heapBase() >>> 0;
  return bindKernels({ name: 'wasm', variant, entries: exports, ...createLinearMemory(memory, heap) });
}

/** Room for the module's stack and constants. */
const INITIAL_PAGES = 16;
