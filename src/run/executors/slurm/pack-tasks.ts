import type { Trial } from '../../../plan/plan.js';

export interface Packing {
  /** How long a trial is expected to take; null where nothing tells: it gets a task of its own. */
  readonly seconds: (trial: Trial) => number | null;
  /** Tasks are filled until they are expected to last so long. */
  readonly minSeconds: number;
  /** No task is expected to last longer, unless one trial does. */
  readonly maxSeconds: number;
}

/** The trials of each task, longest first: short ones share a task, one after the other. */
export function packTasks(trials: readonly Trial[], { seconds, minSeconds, maxSeconds }: Packing): readonly Trial[][] {
  const known = trials.map((trial) => ({ trial, seconds: seconds(trial) }));
  // Stable: equals stay in the plan's order. What nobody knows may be the longest.
  const ordered = known.sort((a, b) => (b.seconds ?? Number.MAX_VALUE) - (a.seconds ?? Number.MAX_VALUE));
  const tasks: Trial[][] = [];
  let open: Trial[] = [];
  let filled = 0;
  for (const { trial, seconds: takes } of ordered) {
    if (takes === null || takes >= minSeconds) {
      tasks.push([trial]);
      continue;
    }
    if (open.length > 0 && filled + takes > maxSeconds) {
      tasks.push(open);
      open = [];
      filled = 0;
    }
    open.push(trial);
    filled += takes;
    if (filled < minSeconds) continue;
    tasks.push(open);
    open = [];
    filled = 0;
  }
  if (open.length > 0) tasks.push(open);
  return tasks;
}

/** Pieces of at most `size`. */
export function split<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}
