import { setTimeout as pause } from 'node:timers/promises';
import { failureLimit } from '../../failure-limit.js';
import type { RunEnd, Work } from '../executor.js';
import { attach } from './attach.js';
import type { Following, FollowOptions } from './following.js';
import { lookAtTasks } from './look-at-tasks.js';
import { openTrials } from './open-trial.js';
import { hasEnded } from './queue-table.js';
import { createSubmitter } from './submitter.js';
import type { ClusterTask } from './task-list.js';
import { askToCancel } from './trial-end.js';

/**
 * Submits the trials that no task has, and follows all of them to their ends. The jobs live without this process: what
 * it does not hear of now it reads from the run's files later. `left`: it was told to leave them to the cluster.
 */
export async function followCluster(work: Work, options: FollowOptions): Promise<RunEnd> {
  const { folder, trials, interruption, emit } = work;
  const { cluster, pace } = options;
  const events = await folder.readJournal();
  const said = new Set<string>();
  const following: Following = {
    work,
    options,
    open: new Map(openTrials(folder, trials, events)),
    waiting: new Set(),
    tasks: [],
    stopping: null,
    say(message) {
      if (!said.has(message)) emit({ event: 'cluster', message });
      said.clear();
      said.add(message);
    },
    record: (...lines) => work.journal.append(...lines),
    failures: failureLimit(work.policy.maxFailures),
  };
  let wake = new AbortController();
  const stop = (level: 'stop' | 'kill'): void => {
    if (following.stopping !== 'kill') following.stopping = level;
    wake.abort();
  };
  const unsubscribe = [
    interruption.onRequest((level) => {
      emit({ event: 'stopping', level, signal: interruption.signal });
      stop(level);
    }),
    work.onRequest((request) => {
      if (request.ask === 'cancel-run') interruption.request('SIGINT');
      else void askToCancel(following, request.trial).finally(() => wake.abort());
    }),
  ];
  interruption.leaving.addEventListener('abort', () => wake.abort());
  if (interruption.level !== null) following.stopping = interruption.level;
  const submitter = createSubmitter(following);
  try {
    await work.journal.appendAll(trials.map(({ id }) => ({ event: 'queued', trial: id }) as const));
    await attach(following, submitter, events);
    let cancelledAs: string | null = null;
    for (let delay = pace.firstMs; ; ) {
      if (interruption.leaving.aborted) return 'left';
      if (following.stopping !== null) {
        await dropWaiting(following);
        const level = following.stopping;
        const alive = [...new Set(following.tasks.filter(isAlive).map(({ job }) => job))];
        if (cancelledAs !== level && (await cluster.cancel(alive, level))) cancelledAs = level;
      } else {
        await submitter.submit();
        if (options.detach === true) {
          const { size } = following.waiting;
          if (size > 0) following.say(`${size} trials are not submitted yet: sweep resume goes on with them`);
          return 'left';
        }
      }
      if (following.tasks.length === 0 && following.waiting.size === 0) return 'done';
      const changed = await lookAtTasks(following);
      if (following.failures.reason() !== null && following.stopping === null) stop('stop');
      delay = changed ? pace.firstMs : Math.min(pace.mostMs, delay * 1.5);
      if (following.tasks.length === 0 && following.waiting.size === 0) continue;
      await pause(delay, undefined, { signal: wake.signal }).catch(() => undefined);
      wake = new AbortController();
    }
  } finally {
    for (const end of unsubscribe) end();
  }
}

function isAlive({ state }: ClusterTask): boolean {
  return state === null || !hasEnded(state);
}

/** The run ends: what has not been submitted is not. */
async function dropWaiting(following: Following): Promise<void> {
  const { work, waiting, open, failures } = following;
  const reason = failures.reason();
  const dropped = [...waiting].filter(({ started }) => started === null);
  for (const { trial } of waiting) open.delete(trial.id);
  waiting.clear();
  if (reason === null || work.interruption.level !== null || dropped.length === 0) return;
  const ids = dropped.map(({ trial }) => trial.id);
  const ends = ids.map((trial) => ({ event: 'finished', trial, state: 'skipped', seconds: 0, error: reason }) as const);
  await work.journal.appendAll(ends);
  work.emit({ event: 'skipped', trials: ids, reason });
}
