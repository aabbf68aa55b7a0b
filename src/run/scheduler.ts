import pLimit from 'p-limit';
import type { Trial } from '../plan/plan.js';
import type { TrialEvent } from '../trial/events.js';
import type { TrialResult } from '../trial/result.js';
import type { Execution, Executor } from './executors/executor.js';
import type { Interruption } from './interruption.js';
import type { Journal, NewJournalEvent } from './journal.js';
import type { RunEvent } from './run-events.js';
import type { RunFolder } from './run-folder.js';

export interface Schedule {
  readonly folder: RunFolder;
  /** In the order to start them. */
  readonly trials: readonly Trial[];
  /** How often each trial was started before, by id; absent means never. */
  readonly attempts: ReadonlyMap<string, number>;
  /** Trials at once, from 1. */
  readonly jobs: number;
  /** The folder that relative `file` sources are relative to. */
  readonly workingDirectory: string;
  readonly executor: Executor;
  readonly journal: Journal;
  readonly interruption: Interruption;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs the trials, `jobs` at a time. A trial that fails stops nobody; an interruption ends those that run and starts no
 * more. Throws the first I/O error on the run folder, once nothing runs any more.
 */
export async function runTrials(schedule: Schedule): Promise<void> {
  const { trials, jobs, interruption, journal, emit } = schedule;
  const running = new Set<Execution>();
  let broken: { readonly error: unknown } | null = null;

  const stopAll = (level: 'stop' | 'kill'): void => {
    for (const execution of running) execution.stop(level);
  };
  const unsubscribe = interruption.onRequest((level) => {
    emit({ event: 'stopping', level, signal: interruption.signal });
    stopAll(level);
  });
  // A trial whose story cannot be written down is not worth computing.
  const breakOff = (error: unknown): void => {
    broken ??= { error };
    stopAll('stop');
  };
  const record = (...events: readonly NewJournalEvent[]): Promise<void> => journal.append(...events).catch(breakOff);

  try {
    await record(...trials.map(({ id }) => ({ event: 'queued', trial: id }) as const));
    await pLimit(jobs).map(trials, async (trial) => {
      if (interruption.level !== null || broken !== null) return;
      try {
        await runTrial(trial, { schedule, running, record });
      } catch (error) {
        breakOff(error);
      }
    });
  } finally {
    unsubscribe();
  }
  if (broken !== null) throw (broken as { readonly error: unknown }).error;
}

interface Running {
  readonly schedule: Schedule;
  readonly running: Set<Execution>;
  readonly record: (...events: readonly NewJournalEvent[]) => Promise<void>;
}

async function runTrial(trial: Trial, { schedule, running, record }: Running): Promise<void> {
  const { folder, executor, interruption, workingDirectory, emit } = schedule;
  const attempt = (schedule.attempts.get(trial.id) ?? 0) + 1;
  await folder.prepareTrial({ schema: 1, trial, working_directory: workingDirectory });
  const began = performance.now();
  const execution = await executor.start({
    folder,
    trial,
    onEvent(event) {
      if (event.type === 'epoch') record({ event: 'epoch', trial: trial.id, epoch: event.record.epoch });
      const told = runEvent(trial, event);
      if (told !== null) emit(told);
    },
  });
  running.add(execution);
  try {
    emit({ event: 'started', trial: trial.id, pid: execution.pid, attempt });
    const recorded = record({ event: 'started', trial: trial.id, pid: execution.pid, attempt });
    // An interruption that came while the process was made has not reached it.
    if (interruption.level !== null) execution.stop(interruption.level);
    const result = await execution.result;
    await recorded;
    const seconds = (performance.now() - began) / 1000;
    await record(finishedRecord(result, seconds));
    emit(finished(folder, result, seconds));
  } finally {
    running.delete(execution);
  }
}

/** The journal's line for a trial that ended. */
export function finishedRecord(result: TrialResult, seconds: number): NewJournalEvent {
  const error = result.error === undefined ? {} : { error: result.error.message };
  return { event: 'finished', trial: result.trial, state: result.state, seconds: round(seconds), ...error };
}

function finished(folder: RunFolder, { trial, state, metrics, error }: TrialResult, seconds: number): RunEvent {
  const reason = error === undefined ? {} : { error: { code: error.code, message: error.message } };
  return { event: 'finished', trial, state, seconds: round(seconds), metrics, log: folder.trial(trial).log, ...reason };
}

function runEvent(trial: Trial, event: TrialEvent): RunEvent | null {
  switch (event.type) {
    case 'phase':
    case 'progress':
    case 'warning': {
      const { type, ...payload } = event;
      return { event: type, trial: trial.id, ...payload } as RunEvent;
    }
    case 'epoch':
      return { event: 'epoch', trial: trial.id, epochs: trial.config.train.epochs, record: event.record };
    default:
      return null;
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
