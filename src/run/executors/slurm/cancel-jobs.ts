import { setTimeout as pause } from 'node:timers/promises';
import { RunError } from '../../../errors.js';
import type { JournalEvent } from '../../journal-events.js';
import { type Cluster, slurmCluster } from './cluster.js';
import { hasEnded } from './queue-table.js';

const PATIENCE_MS = 120_000;
const LOOK_MS = 1000;

/**
 * Cancels the jobs of earlier executions and waits until none is left, before the trials run elsewhere. Throws a
 * RunError when the cluster does not answer or a job does not end.
 */
export async function cancelJobs(
  events: readonly JournalEvent[],
  {
    cluster = slurmCluster(),
    patienceMs = PATIENCE_MS,
  }: { readonly cluster?: Cluster; readonly patienceMs?: number } = {},
): Promise<void> {
  const jobs = events.flatMap((event) => (event.event === 'submitted' ? [event.job] : []));
  const began = performance.now();
  let asked = false;
  for (;;) {
    const table = await cluster.queue(jobs);
    const alive = [...(table ?? [])].flatMap(([key, state]) => (hasEnded(state) ? [] : [key.split('_')[0]!]));
    if (table !== null && alive.length === 0) return;
    if (!asked && alive.length > 0) asked = await cluster.cancel([...new Set(alive)], 'stop');
    if (performance.now() - began > patienceMs) {
      const found = table === null ? 'the cluster does not answer' : `job ${alive[0]} does not end`;
      throw new RunError(`the run has jobs on a cluster, which must end before its trials run elsewhere: ${found}`, {
        code: 'SLURM_JOBS',
        hint: 'try again once `squeue` answers and shows none of them',
      });
    }
    await pause(LOOK_MS);
  }
}
