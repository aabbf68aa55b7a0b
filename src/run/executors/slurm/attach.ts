import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEvent } from '../../journal-events.js';
import type { Following } from './following.js';
import type { OpenTrial } from './open-trial.js';
import { hasEnded } from './queue-table.js';
import type { Submitter } from './submitter.js';
import { findTasks } from './task-list.js';

/** Takes up the tasks of earlier executions; the trials of none are to be submitted. */
export async function attach(
  following: Following,
  submitter: Submitter,
  events: readonly JournalEvent[],
): Promise<void> {
  const { work, options, open, waiting, record, say } = following;
  const { cluster, pace, onlyFollow = false } = options;
  const { leaving } = work.interruption;
  for (;;) {
    const found = await findTasks(work.folder, open, { events, cluster });
    const table = found === null ? null : await cluster.queue([...new Set(found.tasks.map(({ job }) => job))]);
    if (found !== null && table !== null) {
      await record(...found.recovered.map((submitted) => ({ event: 'submitted', ...submitted }) as const));
      submitter.last = found.last;
      following.tasks = found.tasks;
      const taken = new Set<OpenTrial>();
      for (const task of found.tasks) {
        const state = table.get(task.key) ?? null;
        task.before = !onlyFollow && (state === null || hasEnded(state));
        for (const trial of task.open.values()) taken.add(trial);
      }
      for (const trial of open.values()) if (!taken.has(trial)) waiting.add(trial);
      return;
    }
    say('the controller of the cluster does not answer; trying again');
    await pause(pace.mostMs / 3, undefined, { signal: leaving }).catch(() => undefined);
    if (leaving.aborted) return;
  }
}
