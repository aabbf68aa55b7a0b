import { readdir } from 'node:fs/promises';
import type { TrialResult } from '../../../trial/result.js';
import { isFinal } from '../../retries.js';
import type { Following } from './following.js';
import { endIn, type OpenTrial } from './open-trial.js';
import type { TaskState } from './queue-table.js';
import type { ClusterTask } from './task-list.js';
import { logTail } from './task-log.js';
import { settleTrial } from './trial-end.js';
import { readTrialLive } from './trial-story.js';
import { unfinishedResult } from './unfinished-result.js';
import { type Verdict, verdictOn } from './verdict.js';

/** Whether everything that a gone task wrote can be seen, or has had its time to be. */
export async function isReady({ work, options }: Following, task: ClusterTask): Promise<boolean> {
  const { folder } = work;
  let complete = true;
  // What Slurm knows no more ended minutes ago; of a trial that never began nothing comes after a cancellation.
  if (task.before && task.state === null) return true;
  const cancelled = task.state?.state === 'CANCELLED';
  for (const open of task.open.values()) {
    if (task.before && task.told.has(open.trial.id)) continue;
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
export async function settleGone(following: Following, gone: readonly ClusterTask[]): Promise<void> {
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
    log: await logTail(folder, task),
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
