import type { Trial } from '../plan/plan.js';
import type { TrialResult } from '../trial/result.js';
import type { Execution, Launcher } from './executors/executor.js';
import type { NewJournalEvent } from './journal.js';
import type { RunEvent } from './run-events.js';
import type { RunFolder } from './run-folder.js';
import { finishedEvent, finishedRecord, forwardedEvent } from './trial-events.js';

export interface Attempt {
  readonly folder: RunFolder;
  readonly trial: Trial;
  /** The GPU that was dealt to it. */
  readonly gpu: string | null;
  /** From 1, over all executions of the run. */
  readonly number: number;
  readonly launcher: Launcher;
  readonly workingDirectory: string;
  readonly checkpointSeconds: number | null;
  /** Trials that wait for their turn. */
  readonly upcoming: number;
  readonly record: (...events: readonly NewJournalEvent[]) => Promise<void>;
  readonly emit: (event: RunEvent) => void;
  /** Called as soon as there is a process. */
  readonly onStart: (execution: Execution) => void;
}

export interface Attempted {
  readonly result: TrialResult;
  readonly seconds: number;
}

/** Runs a trial once, from the making of its process to its result, and writes the story into the journal. */
export async function runAttempt(attempt: Attempt): Promise<Attempted> {
  const { folder, trial, gpu, number, launcher, workingDirectory, checkpointSeconds, upcoming, record, emit } = attempt;
  await folder.prepareTrial({
    schema: 1,
    trial,
    working_directory: workingDirectory,
    ...(checkpointSeconds === null ? {} : { checkpoint_seconds: checkpointSeconds }),
  });
  const began = performance.now();
  const execution = await launcher.start({
    folder,
    trial,
    gpu,
    upcoming,
    onEvent(event) {
      if (event.type === 'epoch') record({ event: 'epoch', trial: trial.id, epoch: event.record.epoch });
      const told = forwardedEvent(trial, event);
      if (told !== null) emit(told);
    },
  });
  const { pid } = execution;
  const started = {
    event: 'started',
    trial: trial.id,
    pid,
    attempt: number,
    ...(gpu === null ? {} : { gpu }),
  } as const;
  emit(started);
  const recorded = record(started);
  attempt.onStart(execution);
  const result = await execution.result;
  await recorded;
  const seconds = (performance.now() - began) / 1000;
  await record(finishedRecord(result, seconds));
  emit(finishedEvent(folder, result, seconds));
  return { result, seconds };
}
