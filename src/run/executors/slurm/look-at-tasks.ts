import { readdir, readFile, rm, stat } from 'node:fs/promises';
import type { TrialResult } from '../../../trial/result.js';
import { isFinal } from '../../retries.js';
import { type Following, settleTrial } from './follow-cluster.js';
import { endIn, newsOf, type OpenTrial } from './open-trial.js';
import { hasEnded, isActive, type TaskState, type TaskTable } from './queue-table.js';
import { taskLog } from './submit-arrays.js';
import type { ClusterTask } from './task-list.js';
import { readTrialLive } from './trial-story.js';
import { unfinishedResult } from './unfinished-result.js';
import { type Verdict, verdictOn } from './verdict.js';

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
    if (task.open.size === 0 && task.goneAt !== null) await removeEmptyLog(following, task);
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

/** Tells the news of a task's trials and settles those that have ended for good. */
async function readTask(following: Following, task: ClusterTask): Promise<boolean> {
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

/** Whether everything that a gone task wrote can be seen, or has had its time to be. */
async function isReady({ work, options }: Following, task: ClusterTask): Promise<boolean> {
  const { folder } = work;
  let complete = true;
  // What Slurm knows no more ended minutes ago; of a trial that never began nothing comes after a cancellation.
  if (task.before && task.state === null) return true;
  const cancelled = task.state?.state === 'CANCELLED';
  for (const open of task.open.values()) {
    if (cancelled && open.started?.array !== task.array) continue;
    // Listing a folder makes a network file system look again.
    await readdir(folder.trial(open.trial.id).path).catch(() => []);
    complete &&= endIn(open, task.array, await folder.readResult(open.trial)) !== null;
  }
  if (complete) return true;
  const { patienceMs } = options.pace;
  // A task that ended by itself has written how; of one that was ended there may be nothing to come.
  const patience = task.state === null || task.state.state === 'COMPLETED' ? patienceMs : patienceMs / 6;
  return performance.now() - (task.goneAt ?? 0) > patience;
}

/** Decides on the open trials of tasks that are gone. */
async function settleGone(following: Following, gone: readonly ClusterTask[]): Promise<void> {
  const unclear = gone.filter(({ state }) => state === null || state.state !== 'COMPLETED');
  const accounts = await following.options.cluster.accounts(unclear.map(({ key }) => key));
  for (const task of gone) {
    const account = accounts?.get(task.key);
    const state = account === undefined ? task.state : { ...task.state, ...account, reason: task.state?.reason ?? '' };
    for (const open of [...task.open.values()]) await settleOne(following, task, state, open);
  }
}

async function settleOne(
  following: Following,
  task: ClusterTask,
  state: TaskState | null,
  open: OpenTrial,
): Promise<void> {
  const { work, options, stopping, waiting } = following;
  const { folder, emit } = work;
  const { trial } = open;
  const result = await folder.readResult(trial);
  const begun = open.started?.array === task.array;
  const live = begun ? await readTrialLive(folder, trial.id) : null;
  const peak = Math.max(
    state?.peak_memory_bytes ?? 0,
    live?.peak_memory_bytes ?? 0,
    begun ? (open.ended?.peak_memory_bytes ?? 0) : 0,
  );
  const asked = stopping !== null || open.cancelled;
  const verdict = verdictOn({
    job: task.key,
    task: state,
    begun,
    result: begun ? result : null,
    stopped: begun ? (open.ended?.stopped ?? null) : null,
    asked,
    peak,
    log: await logTail(taskLog(folder, task)),
    mayRequeue: open.requeues < options.settings.max_requeues,
    settings: options.settings,
  });
  if (verdict.is === 'unstarted') {
    task.open.delete(trial.id);
    // As one that never had its turn.
    waiting.add(open);
    return;
  }
  if (verdict.is === 'again' || (task.before && !(verdict.is === 'stands' && isFinal(verdict.result)))) {
    task.open.delete(trial.id);
    waiting.add(open);
    if (task.before) return;
    open.requeues++;
    const reason = verdict.is === 'again' ? verdict.reason : '';
    emit({ event: 'retrying', trial: trial.id, attempt: open.attempts + 1, in_seconds: 0, reason });
    return;
  }
  const ended = await resultOf(following, open, verdict, { result, peak });
  await settleTrial(following, task, {
    result: ended,
    seconds: open.ended?.seconds ?? ended.timing.total_seconds,
    asked,
  });
}

async function resultOf(
  { work }: Following,
  { trial }: OpenTrial,
  verdict: Exclude<Verdict, { readonly is: 'again' | 'unstarted' }>,
  { result, peak }: { readonly result: TrialResult | null; readonly peak: number },
): Promise<TrialResult> {
  if (verdict.is === 'stands') return verdict.result;
  const { state, error } = verdict;
  // What the worker could write of itself stays, but for how it ended.
  const ended =
    result === null
      ? unfinishedResult(trial, error, await work.folder.readEpochs(trial.id), { state, peak })
      : { ...result, state, error, peak_memory_bytes: Math.max(peak, result.peak_memory_bytes) };
  await work.folder.writeResult(ended);
  return ended;
}

/** The last lines of a task's log, at most 2 kB. */
async function logTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .slice(-2048)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-10)
    .join('\n');
}

/** Of most tasks there is nothing to say. */
async function removeEmptyLog({ work }: Following, task: ClusterTask): Promise<void> {
  const path = taskLog(work.folder, task);
  if ((await stat(path).catch(() => null))?.size === 0) await rm(path, { force: true });
}
