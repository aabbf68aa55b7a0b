import { EngineError } from '../../errors.js';
import type { Allocation, Pointer } from './library.js';

export const PAGE_BYTES = 65536;
/** All that 32-bit WebAssembly can address. */
export const LINEAR_MEMORY_BYTES = 2 ** 32;

const ALIGNMENT = 64;
/** Memory grows by at least this much at a time; pages that nobody touches cost nothing. */
const GROWTH_BYTES = 2 ** 24;

export interface LinearMemory {
  allocate(bytes: number): Allocation;
  release(pointer: Pointer): void;
}

/**
 * Hands out a (shared) WebAssembly memory from `start` on. A released piece serves the next request of its size: callers
 * ask in sizes that repeat (src/engine/fused/memory-pool.ts), so pieces are neither split nor joined.
 */
export function createLinearMemory(memory: WebAssembly.Memory, start: number): LinearMemory {
  const sizes = new Map<Pointer, number>();
  const free = new Map<number, Pointer[]>();
  let end = align(start);
  const carve = (size: number): Pointer => {
    if (end + size > LINEAR_MEMORY_BYTES) throw tooMuch(size, end);
    const missing = end + size - memory.buffer.byteLength;
    if (missing > 0) {
      const room = LINEAR_MEMORY_BYTES - memory.buffer.byteLength;
      try {
        memory.grow(Math.ceil(Math.min(room, Math.max(missing, GROWTH_BYTES)) / PAGE_BYTES));
      } catch {
        throw tooMuch(size, end);
      }
    }
    end += size;
    return end - size;
  };
  return {
    allocate(bytes) {
      const size = align(Math.max(1, bytes));
      const pointer = free.get(size)?.pop() ?? carve(size);
      sizes.set(pointer, size);
      return { pointer, buffer: memory.buffer, byteOffset: pointer };
    },
    release(pointer) {
      const size = sizes.get(pointer);
      if (size === undefined) return;
      sizes.delete(pointer);
      const pieces = free.get(size);
      if (pieces === undefined) free.set(size, [pointer]);
      else pieces.push(pointer);
    },
  };
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function tooMuch(size: number, used: number): EngineError {
  const [wanted, held, most] = [size, used, LINEAR_MEMORY_BYTES].map((bytes) => `${Math.ceil(bytes / 2 ** 20)} MB`);
  return new EngineError(`the wasm engine asked for ${wanted} more beside ${held}, and it has ${most} at most`, {
    code: 'ENGINE_MEMORY',
    hint: 'use a smaller batch, sequence or model, or the native engine',
  });
}
