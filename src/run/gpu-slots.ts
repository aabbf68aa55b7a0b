import type { GpuShare } from './gpus.js';

/** Places for trials on GPUs. */
export interface GpuSlots {
  readonly free: number;
  /** A place on the GPU with the fewest trials; null when all are taken. */
  take(): string | null;
  give(gpu: string): void;
}

export function gpuSlots({ names, trials_per_gpu }: GpuShare): GpuSlots {
  const running = new Map(names.map((name) => [name, 0]));
  const least = (): string | null => {
    const [name, trials] = [...running].reduce((a, b) => (b[1] < a[1] ? b : a));
    return trials < trials_per_gpu ? name : null;
  };
  return {
    get free() {
      return [...running.values()].reduce((sum, trials) => sum + trials_per_gpu - trials, 0);
    },
    take() {
      const name = least();
      if (name !== null) running.set(name, running.get(name)! + 1);
      return name;
    },
    give: (gpu) => void running.set(gpu, running.get(gpu)! - 1),
  };
}
