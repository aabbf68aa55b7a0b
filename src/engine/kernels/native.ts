import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../errors.js';
import type { NativeVariant } from '../../plan/engine-variants.js';
import { bindKernels } from './binding.js';
import type { Allocation, KernelLibrary, Pointer } from './library.js';

/** What kernels/addon.cpp exports. */
interface Addon {
  readonly variants: readonly string[];
  readonly compiled: readonly string[];
  entries(variant: string): Record<string, (argumentBlock: Pointer) => number>;
  allocate(bytes: number): { readonly pointer: Pointer; readonly buffer: ArrayBuffer } | null;
  release(pointer: Pointer): void;
}

const ADDON = fileURLToPath(new URL('../../../kernels/build/sweepline.node', import.meta.url));

/**
 * The compiled kernels: the fastest variant that this processor runs, or the one asked for.
 * @throws EngineError when the addon is missing, does not load, or has no such variant that runs here.
 */
export function loadNativeKernels(variant?: NativeVariant): KernelLibrary {
  const addon = loadAddon();
  const chosen = variant ?? fastest(addon.variants);
  if (!addon.variants.includes(chosen)) {
    const why = addon.compiled.includes(chosen) ? 'this processor cannot run it' : 'it is not in this build';
    throw new EngineError(`the native kernels have no variant ${chosen} for this machine: ${why}`, {
      code: 'ENGINE_VARIANT',
      hint: `use one of ${addon.variants.join(', ')}`,
    });
  }
  return bindKernels({
    name: 'native',
    variant: chosen,
    entries: addon.entries(chosen),
    allocate: (bytes) => allocate(addon, bytes),
    release: (pointer) => addon.release(pointer),
  });
}

/**
 * The variants that this machine runs, slowest first.
 * @throws EngineError when the addon is missing or does not load.
 */
export function nativeVariants(): readonly string[] {
  return loadAddon().variants;
}

function loadAddon(): Addon {
  if (!existsSync(ADDON)) {
    throw new EngineError(`the native kernels are not built: there is no ${ADDON}`, {
      code: 'ENGINE_NATIVE_MISSING',
      hint: 'with a C++ compiler installed, run `node scripts/build-kernels.js`; the wasm engine needs none',
    });
  }
  try {
    return createRequire(import.meta.url)(ADDON) as Addon;
  } catch (cause) {
    throw new EngineError(`the native kernels do not load: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: 'ENGINE_NATIVE_BROKEN',
      hint: 'delete kernels/build and run `node scripts/build-kernels.js`, or use the wasm engine',
      cause,
    });
  }
}

function fastest(variants: readonly string[]): string {
  return variants.at(-1) ?? 'portable';
}

function allocate(addon: Addon, bytes: number): Allocation {
  const memory = addon.allocate(bytes);
  if (memory === null) {
    throw new EngineError(`the native engine asked for ${bytes.toLocaleString('en')} bytes and got none`, {
      code: 'ENGINE_MEMORY',
      hint: 'use a smaller batch, sequence or model, or run fewer trials at once',
    });
  }
  return { ...memory, byteOffset: 0 };
}
