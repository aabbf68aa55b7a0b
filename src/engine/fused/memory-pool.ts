import type { Allocation, KernelLibrary } from '../kernels/library.js';

const ALIGNMENT = 64;

/** Memory that kernels can read and write, handed out and taken back in sizes that repeat from step to step. */
export interface MemoryPool {
  /** At least `bytes` bytes, not cleared. */
  take(bytes: number): Block;
  /** Takes a block back once everyone has given it who took or shared it. */
  give(block: Block): void;
  /** One more user of a block. */
  share(block: Block): Block;
  /** Whether an array is a view of this pool's memory. */
  owns(array: ArrayBufferView): boolean;
}

export interface Block extends Allocation {
  readonly capacity: number;
}

export function createMemoryPool(library: KernelLibrary): MemoryPool {
  const free = new Map<number, Block[]>();
  const buffers = new WeakSet<ArrayBufferLike>();
  /** Blocks that have more users than one: how many more. */
  const shared = new Map<Block, number>();
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
      const others = shared.get(block);
      if (others !== undefined) {
        if (others === 1) shared.delete(block);
        else shared.set(block, others - 1);
        return;
      }
      const blocks = free.get(block.capacity);
      if (blocks === undefined) free.set(block.capacity, [block]);
      else blocks.push(block);
    },
    share(block) {
      shared.set(block, (shared.get(block) ?? 0) + 1);
      return block;
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
