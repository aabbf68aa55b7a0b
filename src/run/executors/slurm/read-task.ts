import { isFinal } from '../../retries.js';
import type { Following } from './following.js';
import { newsOf, type OpenTrial } from './open-trial.js';
import type { ClusterTask } from './task-list.js';
import { settleTrial } from './trial-end.js';
import { readTrialLive } from './trial-story.js';

/** Tells the news of a task's trials and settles those that have ended for good. */
export async function readTask(following: Following, task: ClusterTask): Promise<boolean> {
  const { work } = following;
  let changed = false;
  for (const [id, open] of [...task.open]) {
    const news = await newsOf(open);
    const records = news.some(({ event }) => event === 'epoch') ? await work.folder.readEpochs(id) : [];
    for (const event of news) {
      changed = true;
      if (event.event === 'started') {
        const { pid, job, host } = event;
        await following.record({ event: 'started', trial: id, pid, attempt: open.attempts, job, host });
        work.emit({ event: 'started', trial: id, pid, attempt: open.attempts });
      } else if (event.event === 'epoch') {
        await following.record({ event: 'epoch', trial: id, epoch: event.epoch });
        const record = records.find(({ epoch }) => epoch === event.epoch);
        const { epochs } = open.trial.config.train;
        if (record !== undefined) work.emit({ event: 'epoch', trial: id, epochs, record });
      } else if (event.event === 'warning') {
        work.emit({ event: 'warning', trial: id, message: event.message });
      }
    }
    if (open.started?.array !== task.array) {
      // Later trials of the task have not begun either, unless the task is over.
      if (task.goneAt === null) return changed;
      continue;
    }
    if (open.ended === null) await tellLive(following, open);
    const result = open.ended === null && task.goneAt === null ? null : await work.folder.readResult(open.trial);
    const asked = result?.state === 'cancelled' && open.ended?.stopped === 'cancelled';
    if (result === null || !(asked || isFinal(result))) continue;
    const seconds = open.ended?.seconds ?? result.timing.total_seconds;
    await settleTrial(following, task, { result, seconds, asked });
    changed = true;
  }
  return changed;
}

async function tellLive({ work }: Following, { trial }: OpenTrial): Promise<void> {
  const live = await readTrialLive(work.folder, trial.id);
  if (live === null) return;
  const { progress, phase } = live;
  if (progress !== null) work.emit({ ...withoutType(progress), event: 'progress', trial: trial.id });
  if (phase !== null) work.emit({ event: 'phase', trial: trial.id, phase: phase.phase });
}

function withoutType<Event extends { readonly type: string }>({ type: _, ...payload }: Event): Omit<Event, 'type'> {
  return payload;
}
