import { setTimeout as pause } from 'node:timers/promises';
import type { Trial } from '../plan/plan.js';
import type { Execution, Launcher, Work } from './executors/executor.js';
import { failureLimit } from './failure-limit.js';
import type { NewJournalEvent } from './journal.js';
import { isInfrastructure } from './retries.js';
import { runAttempt } from './run-attempt.js';
import { type Picked, trialPicker } from './trial-picker.js';
import { trialQueue } from './trial-queue.js';

export interface Schedule extends Work {
  readonly launcher: Launcher;
}

/**
 * Runs the trials, `jobs` at a time, longest first, none before there is room for it. A trial that fails stops nobody
 * unless the policy says so; an interruption ends those that run and starts no more. Throws the first I/O error on the
 * run folder, once nothing runs any more.
 */
export async function runTrials(schedule: Schedule): Promise<void> {
  const { trials, jobs, policy, interruption, journal, emit } = schedule;
  const queue = trialQueue({ trials, cost: policy.cost, longestFirst: jobs > 1 });
  const running = new Map<string, Execution>();
  const cancelled = new Set<string>();
  const ending = new AbortController();
  const picker = trialPicker({ queue, memory: policy.memory, gpus: policy.gpus, signal: ending.signal });
  const failures = failureLimit(policy.maxFailures);
  let broken: { readonly error: unknown } | null = null;

  const stopAll = (level: 'stop' | 'kill'): void => {
    ending.abort();
    for (const execution of running.values()) execution.stop(level);
  };
  // A trial whose story cannot be written down is not worth computing.
  const breakOff = (error: unknown): void => {
    broken ??= { error };
    stopAll('stop');
  };
  const record = (...events: readonly NewJournalEvent[]): Promise<void> => journal.append(...events).catch(breakOff);
  const isAsked = (trial: Trial): boolean => ending.signal.aborted || cancelled.has(trial.id);

  const onStart = (trial: Trial, execution: Execution): void => {
    running.set(trial.id, execution);
    picker.started(trial, execution.pid);
    // What came while the process was made has not reached it.
    if (interruption.level !== null) execution.stop(interruption.level);
    else if (isAsked(trial)) execution.stop('stop');
  };
  const runTrial = async ({ trial, gpu }: Picked): Promise<void> => {
    const { folder, launcher, workingDirectory, attempts } = schedule;
    const { checkpointSeconds } = policy;
    const common = { folder, trial, gpu, launcher, workingDirectory, checkpointSeconds, record, emit };
    for (let n = 1; ; n++) {
      const number = (attempts.get(trial.id) ?? 0) + n;
      const { result, seconds } = await runAttempt({
        ...common,
        number,
        upcoming: queue.size,
        onStart: (execution) => onStart(trial, execution),
      }).finally(() => running.delete(trial.id));
      if (result.state === 'complete') queue.learn(trial, seconds);
      if (n > policy.retries || !isInfrastructure(result, isAsked(trial))) {
        if (!isAsked(trial) && failures.reachedBy(result)) stopAll('stop');
        return;
      }
      const delay = policy.backOff(n);
      const reason = result.error?.message ?? result.state;
      emit({ event: 'retrying', trial: trial.id, attempt: number + 1, in_seconds: delay / 1000, reason });
      await pause(delay, undefined, { signal: ending.signal }).catch(() => undefined);
      if (isAsked(trial)) return;
    }
  };
  const work = async (): Promise<void> => {
    for (let picked = await picker.next(); picked !== null; picked = await picker.next()) {
      await runTrial(picked).catch(breakOff);
      picker.ended(picked.trial);
    }
  };
  const cancelTrial = async (id: string): Promise<void> => {
    cancelled.add(id);
    running.get(id)?.stop('stop');
    if (queue.remove(id) === null) return;
    const error = { code: 'TRIAL_CANCELLED', message: 'cancelled before it started' };
    await record({ event: 'finished', trial: id, state: 'cancelled', seconds: 0, error: error.message });
    const { log } = schedule.folder.trial(id);
    emit({ event: 'finished', trial: id, state: 'cancelled', seconds: 0, metrics: {}, log, error });
  };
  const skipRest = async (reason: string): Promise<void> => {
    const skipped = queue.clear().map(({ id }) => id);
    const ends = skipped.map((trial) => ({ event: 'finished', trial, state: 'skipped', seconds: 0 }) as const);
    await journal.appendAll(ends.map((end) => ({ ...end, error: reason }))).catch(breakOff);
    if (skipped.length > 0) emit({ event: 'skipped', trials: skipped, reason });
  };

  const unsubscribe = [
    interruption.onRequest((level) => {
      emit({ event: 'stopping', level, signal: interruption.signal });
      stopAll(level);
    }),
    schedule.onRequest((request) => {
      if (request.ask === 'cancel-trial') void cancelTrial(request.trial);
      else interruption.request('SIGINT');
    }),
  ];
  if (interruption.level !== null) ending.abort();
  try {
    await journal.appendAll(trials.map(({ id }) => ({ event: 'queued', trial: id }) as const)).catch(breakOff);
    await Promise.all(Array.from({ length: Math.min(jobs, trials.length) }, work));
    const reason = failures.reason();
    if (reason !== null && interruption.level === null) await skipRest(reason);
  } finally {
    for (const end of unsubscribe) end();
  }
  if (broken !== null) throw (broken as { readonly error: unknown }).error;
}
