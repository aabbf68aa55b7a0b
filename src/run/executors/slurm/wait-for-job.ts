import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import { hasEnded, type TaskState } from './queue-table.js';

export interface JobWait {
  readonly cluster: Cluster;
  readonly job: string;
  readonly signal: AbortSignal;
  /** Told whenever Slurm says something new of a job that waits. */
  readonly onState: (state: TaskState) => void;
  /** What the job leaves; looked for at every turn. */
  readonly found: () => Promise<boolean>;
  readonly firstMs?: number;
  readonly mostMs?: number;
  /** How long a file may take to be seen after the job's end. */
  readonly patienceMs?: number;
}

/** Waits until the job has left what is looked for, or has ended without it: then its last state; null where Slurm forgot. */
export async function waitForJob(wait: JobWait): Promise<'found' | TaskState | null> {
  const { cluster, job, signal, onState, found, firstMs = 500, mostMs = 10_000, patienceMs = 30_000 } = wait;
  let told = '';
  let last: TaskState | null = null;
  let goneAt: number | null = null;
  for (let delay = firstMs; !signal.aborted; delay = Math.min(mostMs, delay * 1.5)) {
    if (await found()) return 'found';
    const table = await cluster.queue([job]);
    if (table !== null) {
      const state = table.get(job) ?? null;
      if (state !== null) last = state;
      if (state === null || hasEnded(state)) {
        goneAt ??= performance.now();
        // Nothing comes of a job that failed before it could write.
        const patience = state === null || state.state === 'COMPLETED' ? patienceMs : Math.min(3000, patienceMs);
        if (performance.now() - goneAt > patience) return last;
        delay = firstMs;
      } else {
        goneAt = null;
        const said = `${state.state} ${state.reason}`;
        if (said !== told) onState(state);
        told = said;
      }
    }
    await pause(delay, undefined, { signal }).catch(() => undefined);
  }
  return last;
}
