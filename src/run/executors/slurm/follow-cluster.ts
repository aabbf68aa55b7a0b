import { setTimeout as pause } from 'node:timers/promises';
import type { Trial } from '../../../plan/plan.js';
import { failureLimit } from '../../failure-limit.js';
import type { NewJournalEvent } from '../../journal.js';
import type { RunEnd, Work } from '../executor.js';
import type { Cluster } from './cluster.js';
import { lookAtTasks } from './look-at-tasks.js';
import { type OpenTrial, openTrials } from './open-trial.js';
import { packTasks, split } from './pack-tasks.js';
import { hasEnded } from './queue-table.js';
import { refusal } from './refusal.js';
import { type SlurmSettings, timeSeconds } from './settings.js';
import { submitArray } from './submit-arrays.js';
import { type ClusterTask, findTasks } from './task-list.js';
import { askToCancel, endTrial } from './trial-end.js';

export interface FollowPace {
  /** Between two looks after something happened. */
  readonly firstMs: number;
  /** While nothing happens. */
  readonly mostMs: number;
  /** How late a shared file system may show what a task wrote before it ended. */
  readonly patienceMs: number;
  /** Before a submission is tried again that the cluster had no room for. */
  readonly busyMs: number;
}

export interface FollowOptions {
  readonly settings: SlurmSettings;
  readonly cache: string;
  readonly seconds: (trial: Trial) => number | null;
  readonly detach?: boolean;
  readonly onlyFollow?: boolean;
  readonly prepare?: () => Promise<void>;
  readonly cluster: Cluster;
  readonly pace: FollowPace;
}

/** Everything that the following of a run knows; one process has one. */
export interface Following {
  readonly work: Work;
  readonly options: FollowOptions;
  /** All trials without a final result. */
  readonly open: Map<string, OpenTrial>;
  /** Those of them that are to be submitted. */
  readonly waiting: Set<OpenTrial>;
  tasks: readonly ClusterTask[];
  /** How far the jobs are to be ended; null while they are not. */
  stopping: 'stop' | 'kill' | null;
  /** Tells what is not about one trial; the same thing once. */
  say(message: string): void;
  record(...events: readonly NewJournalEvent[]): Promise<void>;
  /** Whether this result ends the run. */
  readonly failures: ReturnType<typeof failureLimit>;
}

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

/** Takes up the tasks of earlier executions; the trials of none are to be submitted. */
async function attach(
  following: Following,
  submitter: Submitter,
  events: Awaited<ReturnType<Work['folder']['readJournal']>>,
) {
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

interface Submitter {
  /** The number of the last array. */
  last: number;
  /** Submits what waits and may be submitted now. Throws what sbatch refuses once nothing else runs. */
  submit(): Promise<void>;
}

function createSubmitter(following: Following): Submitter {
  const { work, options, waiting, say, record } = following;
  const { cluster, settings, cache, pace, seconds, prepare } = options;
  let limit: number | null = null;
  let notBefore = 0;
  let lastJob: string | null = null;
  let prepared = false;

  const submitter: Submitter = {
    last: 0,
    async submit() {
      const now = performance.now();
      const ready = [...waiting].filter((trial) => trial.notBefore <= now);
      if (ready.length === 0 || now < notBefore) return;
      if (!prepared) await prepare?.();
      prepared = true;
      limit ??= await cluster.arrayLimit();
      const byId = new Map(ready.map((open) => [open.trial.id, open]));
      const packing = { seconds, minSeconds: settings.min_task_minutes * 60, maxSeconds: longest(settings) };
      const packed = packTasks(
        ready.map(({ trial }) => trial),
        packing,
      );
      for (const part of split(packed, limit)) {
        if (following.stopping !== null || work.interruption.leaving.aborted) return;
        const tasks = part.map((trials) => trials.map(({ id }) => byId.get(id)!));
        const array = ++submitter.last;
        const after = settings.max_parallel === undefined ? null : lastJob;
        const answer = await submitArray({ work, cluster, settings, cache, array, tasks, after });
        if (!('job' in answer)) {
          if (answer.refused === 'wrong' && following.tasks.length === 0) throw await refusal(answer);
          say(`the cluster does not take more jobs now: ${answer.reason}`);
          notBefore = performance.now() + pace.busyMs;
          return;
        }
        const { job } = answer;
        lastJob = job;
        const count = { tasks: tasks.length, trials: tasks.flat().length };
        await record({ event: 'submitted', array, job, ...count });
        work.emit({ event: 'submitted', job, ...count });
        following.tasks = [...following.tasks, ...answer.tasks];
        for (const trial of tasks.flat()) waiting.delete(trial);
      }
    },
  };
  return submitter;
}

/** A packed task is to end before its time limit. */
function longest({ time }: SlurmSettings): number {
  return time === undefined ? Number.POSITIVE_INFINITY : 0.8 * timeSeconds(time);
}

/** Tells the end of a trial, and whether another attempt follows. */
export async function settleTrial(
  following: Following,
  task: ClusterTask,
  end: Parameters<typeof endTrial>[2],
): Promise<void> {
  const { open, waiting } = following;
  const trial = task.open.get(end.result.trial)!;
  task.open.delete(end.result.trial);
  const again = await endTrial(following, trial, end);
  if (again && following.stopping === null) waiting.add(trial);
  else open.delete(end.result.trial);
}
