import type { Following } from './following.js';
import { hasEnded, isActive, type TaskTable } from './queue-table.js';
import { readTask } from './read-task.js';
import { isReady, settleGone } from './settle-gone.js';
import type { ClusterTask } from './task-list.js';
import { removeEmptyLog } from './task-log.js';

/**
 * Asks the cluster once for all tasks, reads what the running and the ended ones have written since, and settles what
 * has ended. Gives whether anything happened or is about to.
 */
export async function lookAtTasks(following: Following): Promise<boolean> {
  const { cluster } = following.options;
  const table = await cluster.queue([...new Set(following.tasks.map(({ job }) => job))]);
  if (table === null) following.say('the controller of the cluster does not answer; the tasks go on without it');
  else await hear(following, table);
  let changed = false;
  const gone: ClusterTask[] = [];
  for (const task of following.tasks) {
    if (task.state !== null && !isActive(task.state) && task.goneAt === null) continue;
    if (task.state === null && task.goneAt === null) continue;
    changed = (await readTask(following, task)) || changed;
    if (task.goneAt !== null && task.open.size > 0 && (await isReady(following, task))) gone.push(task);
  }
  if (gone.length > 0) await settleGone(following, gone);
  for (const task of following.tasks)
    if (task.open.size === 0 && task.goneAt !== null) await removeEmptyLog(following.work.folder, task);
  const left = following.tasks.filter(
    (task) => task.open.size > 0 || (following.stopping !== null && task.goneAt === null),
  );
  changed ||= left.length < following.tasks.length || left.some(({ goneAt }) => goneAt !== null);
  following.tasks = left;
  return changed || gone.length > 0;
}

/** Takes down what Slurm says of the tasks; tells why some wait. */
async function hear(following: Following, table: TaskTable): Promise<void> {
  const reasons = new Map<string, number>();
  let running = 0;
  for (const task of following.tasks) {
    task.state = table.get(task.key) ?? null;
    if (task.state === null || hasEnded(task.state)) {
      task.goneAt ??= performance.now();
      continue;
    }
    task.goneAt = null;
    if (isActive(task.state)) running++;
    else reasons.set(task.state.reason, (reasons.get(task.state.reason) ?? 0) + 1);
  }
  if (running > 0 || reasons.size === 0) return;
  const why = [...reasons.keys()].filter((reason) => reason !== '').sort();
  if (why.length > 0) following.say(`all tasks that are left wait: ${why.join(', ')}`);
}
