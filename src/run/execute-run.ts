import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { RunError } from '../errors.js';
import { inGroups } from '../in-groups.js';
import type { Plan, Trial } from '../plan/plan.js';
import type { TrialResult, TrialState } from '../trial/result.js';
import { type BestTrial, better, candidate } from './best-trial.js';
import { type ControlRequest, clearRequests, hearRequests } from './control.js';
import type { Executor, ExecutorName } from './executors/executor.js';
import type { Interruption } from './interruption.js';
import { type Journal, openJournal } from './journal.js';
import type { JournalEvent } from './journal-events.js';
import { liveWriter } from './live-file.js';
import { lockRun } from './lock.js';
import { endOrphans } from './orphans.js';
import { isFinal } from './retries.js';
import type { RunEvent, RunState, Tally } from './run-events.js';
import type { RunFolder } from './run-folder.js';
import { defaultPolicy, type SchedulePolicy } from './schedule-policy.js';
import { finishedRecord } from './trial-events.js';

export interface RunExecution {
  readonly folder: RunFolder;
  /** Trials at once, from 1. */
  readonly jobs: number;
  readonly executor: Executor;
  readonly interruption: Interruption;
  readonly policy?: Partial<SchedulePolicy>;
  /** Changes trials before they run, in what has no part in their hash: the time limit. */
  readonly adjust?: (trial: Trial) => Trial;
  /** Trials whose fate does not stand: they run again. */
  readonly again?: ReadonlySet<string>;
  /** The only trials to run; all that have no final result by default. */
  readonly only?: ReadonlySet<string>;
  /** Where relative paths of the data start, if not where the run began. */
  readonly workingDirectory?: string;
  readonly emit: (event: RunEvent) => void;
}

export interface RunOutcome {
  readonly state: RunState;
  readonly seconds: number;
  /** Of the whole plan, earlier executions included. */
  readonly tally: Tally;
}

/**
 * Runs every trial of a run's plan that has no final result yet: all of them the first time, what is left when a run is
 * resumed. Throws a RunError when another process runs it, or its folder cannot be read or written.
 */
export async function executeRun(execution: RunExecution): Promise<RunOutcome> {
  const { folder, interruption } = execution;
  // Who took our lock over runs our trials now.
  const lock = await lockRun(folder.path, {
    onLost: () => (execution.executor.name === 'slurm' ? interruption.leave() : interruption.request('SIGTERM')),
  });
  try {
    const plan = await folder.readPlan();
    const journal = await openJournal(folder.journalFile);
    try {
      return await executePlan(execution, plan, journal);
    } finally {
      await journal.close();
    }
  } catch (error) {
    throw unusable(folder, error);
  } finally {
    await lock.release();
  }
}

async function executePlan(execution: RunExecution, plan: Plan, journal: Journal): Promise<RunOutcome> {
  const {
    folder,
    jobs,
    executor,
    interruption,
    policy,
    adjust = (trial) => trial,
    again = new Set(),
    only,
  } = execution;
  const began = performance.now();
  const told = await folder.readJournal();
  if (told.length > 0) await endEarlier(folder, told, executor.name);
  await clearRequests(folder);
  for (const trial of plan.trials) if (again.has(trial.id)) await folder.removeResult(trial.id);
  const before = await surveyTrials(folder, plan, told);
  const live = liveWriter(folder);
  const emit = (event: RunEvent): void => {
    live.hear(event);
    if (event.event === 'finished') states.set(event.trial, event.state);
    if (event.event === 'skipped') for (const id of event.trials) states.set(id, 'skipped');
    execution.emit(event);
  };
  const states = new Map<string, TrialState>(before.states);
  const toRun = plan.trials.filter(({ id }) => !before.finished.has(id) && only?.has(id) !== false);
  const trials = plan.trials.length;

  await journal.appendAll([
    { event: 'run-started', pid: process.pid, host: hostname(), trials, jobs, executor: executor.name },
    // Trials that ended while nobody was left to write it down.
    ...before.unrecorded.map((result) => finishedRecord(result, result.timing.total_seconds)),
  ]);
  emit({
    event: 'run-started',
    run: folder.id,
    folder: folder.path,
    jobs,
    executor: executor.name,
    trials,
    to_run: toRun.length,
    tally: tally(plan, states),
    ...(before.best === null ? {} : { best: before.best }),
  });
  for (const { trial, reused_from: from } of before.unrecorded) {
    if (from !== undefined) emit({ event: 'reused', trial, from });
  }
  const work = {
    folder,
    trials: toRun.map(adjust),
    attempts: before.attempts,
    jobs,
    workingDirectory: execution.workingDirectory ?? (await folder.readInfo()).working_directory,
    journal,
    interruption,
    policy: { ...defaultPolicy, ...policy },
    onRequest: (listener: (request: ControlRequest) => void) => hearRequests(folder, listener),
    emit,
  };
  const end = await executor.run(work).finally(() => Promise.all([live.close(), executor.close()]));

  const seconds = Math.round(performance.now() - began) / 1000;
  const counts = tally(plan, states);
  if (end === 'left') {
    await journal.append({ event: 'detached' });
    emit({ event: 'detached', tally: counts });
    return { state: 'detached', seconds, tally: counts };
  }
  const state = runState(interruption, counts, trials);
  await journal.append({ event: 'run-finished', state, seconds });
  emit({ event: 'run-finished', state, seconds, tally: counts });
  return { state, seconds, tally: counts };
}

/** Ends what an earlier execution left running, unless this one goes on with it. */
async function endEarlier(folder: RunFolder, events: readonly JournalEvent[], executor: ExecutorName): Promise<void> {
  const last = events.findLast((event) => event.event === 'run-started');
  // The tasks of a cluster may run on this machine too: they are no orphans.
  if (last?.executor !== 'slurm') {
    await endOrphans(folder);
  } else {
    if (executor === 'slurm') return;
    const { cancelJobs } = await import('./executors/slurm/cancel-jobs.js');
    await cancelJobs(events);
  }
  // Nobody waits any more.
  await rm(folder.waitingFolder, { recursive: true, force: true });
}

interface Survey {
  /** The state of each trial that has a result, by id. */
  readonly states: ReadonlyMap<string, TrialState>;
  readonly finished: ReadonlySet<string>;
  /** Final results that the journal does not tell. */
  readonly unrecorded: readonly TrialResult[];
  readonly attempts: ReadonlyMap<string, number>;
  readonly best: BestTrial | null;
}

async function surveyTrials(folder: RunFolder, plan: Plan, events: readonly JournalEvent[]): Promise<Survey> {
  const attempts = new Map<string, number>();
  const recorded = new Set<string>();
  for (const event of events) {
    if (event.event === 'started') {
      attempts.set(event.trial, (attempts.get(event.trial) ?? 0) + 1);
      recorded.delete(event.trial);
    } else if (event.event === 'finished') {
      recorded.add(event.trial);
    }
  }
  const states = new Map<string, TrialState>();
  const finished = new Set<string>();
  const unrecorded: TrialResult[] = [];
  let best: BestTrial | null = null;
  for (const result of await inGroups(plan.trials, (trial) => folder.readResult(trial))) {
    if (result === null) continue;
    states.set(result.trial, result.state);
    best = better(best, candidate(result));
    if (!isFinal(result)) continue;
    finished.add(result.trial);
    if (!recorded.has(result.trial)) unrecorded.push(result);
  }
  return { states, finished, unrecorded, attempts, best };
}

function tally(plan: Plan, states: ReadonlyMap<string, TrialState>): Tally {
  const counts = {
    complete: 0,
    failed: 0,
    diverged: 0,
    timed_out: 0,
    killed: 0,
    cancelled: 0,
    skipped: 0,
    pending: 0,
  };
  for (const { id } of plan.trials) counts[states.get(id) ?? 'pending']++;
  return counts;
}

function runState(interruption: Interruption, counts: Tally, trials: number): Exclude<RunState, 'detached'> {
  if (counts.complete === trials) return 'complete';
  return interruption.level === null ? 'failed' : 'interrupted';
}

/** An I/O error on a run folder, with what to do about it; anything else as it is. */
function unusable(folder: RunFolder, error: unknown): unknown {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new RunError(`cannot read or write ${folder.path}: ${full ? 'the disk is full' : message}`, {
    code: 'RUN_UNUSABLE',
    hint: `mend that, then go on with: sweep resume ${folder.path}`,
    cause: error,
  });
}
