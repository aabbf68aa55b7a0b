import type { Allocation, KernelLibrary } from '../kernels/library.js';

const ALIGNMENT = 64;

/** Memory that kernels can read and write, handed out and taken back in sizes that repeat from step to step. */
export interface MemoryPool {
  /** At least `bytes` bytes, not cleared. */
  take(bytes: number): Block;
  give(block: Block): void;
  /** Whether an array is a view of this pool's memory. */
  owns(array: ArrayBufferView): boolean;
}

export interface Block extends Allocation {
  readonly capacity: number;
}

export function createMemoryPool(library: KernelLibrary): MemoryPool {
  const free = new Map<number, Block[]>();
  const buffers = new WeakSet<ArrayBufferLike>();
  return {
    take(bytes) {
      const capacity = sizeClass(bytes);
      const reused = free.get(capacity)?.pop();
      if (reused !== undefined) return reused;
      const memory = library.allocate(capacity);
      buffers.add(memory.buffer);
      return { ...memory, capacity };
    },
    give(block) {
      const blocks = free.get(block.capacity);
      if (blocks === undefined) free.set(block.capacity, [block]);
      else blocks.push(block);
    },
    owns: (array) => buffers.has(array.buffer),
  };
}

/** The next of eight sizes per power of two, so that batches of nearly the same length share blocks at 1/8 waste at most. */
function sizeClass(bytes: number): number {
  const units = Math.max(1, Math.ceil(bytes / ALIGNMENT));
  if (units <= 8) return units * ALIGNMENT;
  const step = 2 ** (Math.floor(Math.log2(units - 1)) - 3);
  return Math.ceil(units / step) * step * ALIGNMENT;
}
