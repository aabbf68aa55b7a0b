import type { TrialResult } from '../../../trial/result.js';
import { isInfrastructure } from '../../retries.js';
import { finishedEvent, finishedRecord } from '../../trial-events.js';
import type { Following } from './following.js';
import type { OpenTrial } from './open-trial.js';
import { isActive } from './queue-table.js';
import type { ClusterTask } from './task-list.js';
import { askTask } from './trial-story.js';

export interface TrialEnd {
  readonly result: TrialResult;
  readonly seconds: number;
  /** Whether we asked for it. */
  readonly asked: boolean;
}

/** Writes a trial's end into the journal and tells it. Gives whether the policy has another attempt for it. */
async function endTrial(
  { work, failures, record }: Following,
  open: OpenTrial,
  { result, seconds, asked }: TrialEnd,
): Promise<boolean> {
  const { folder, policy, emit } = work;
  await record(finishedRecord(result, seconds));
  emit(finishedEvent(folder, result, seconds));
  if (isInfrastructure(result, asked) && open.retries < policy.retries) {
    const delay = policy.backOff(++open.retries);
    open.notBefore = performance.now() + delay;
    const reason = result.error?.message ?? result.state;
    emit({ event: 'retrying', trial: open.trial.id, attempt: open.attempts + 1, in_seconds: delay / 1000, reason });
    return true;
  }
  if (!asked) failures.reachedBy(result);
  return false;
}

/** Tells the end of a trial, and whether another attempt follows. */
export async function settleTrial(following: Following, task: ClusterTask, end: TrialEnd): Promise<void> {
  const { open, waiting } = following;
  const trial = task.open.get(end.result.trial)!;
  task.open.delete(end.result.trial);
  const again = await endTrial(following, trial, end);
  if (again && following.stopping === null) waiting.add(trial);
  else open.delete(end.result.trial);
}

/** Cancels one trial: at once where it has not begun; one that runs keeps a checkpoint first. */
export async function askToCancel(following: Following, id: string): Promise<void> {
  const { work, open, waiting, tasks, options } = following;
  const trial = open.get(id);
  if (trial === undefined) return;
  trial.cancelled = true;
  const { folder } = work;
  const task = tasks.find((candidate) => candidate.open.has(id));
  // The task that has the trial looks for this file, before it begins it and while it runs.
  if (task !== undefined) await askTask(folder, id);
  if (task?.state !== null && task !== undefined && isActive(task.state) && trial.started?.array === task.array) return;
  waiting.delete(trial);
  open.delete(id);
  task?.open.delete(id);
  // A task that has nothing else to do need not start.
  if (task !== undefined && task.open.size === 0) await options.cluster.cancel([task.key], 'stop');
  const error = { code: 'TRIAL_CANCELLED', message: 'cancelled before it started' };
  await following.record({ event: 'finished', trial: id, state: 'cancelled', seconds: 0, error: error.message });
  work.emit({
    event: 'finished',
    trial: id,
    state: 'cancelled',
    seconds: 0,
    metrics: {},
    log: folder.trial(id).log,
    error,
  });
}
