import { setTimeout as pause } from 'node:timers/promises';
import type { Plan } from '../plan/plan.js';
import type { EpochRecord } from '../trial/result.js';
import { type BestTrial, bestTrial } from './best-trial.js';
import { type GrowingFile, growingFile } from './growing-file.js';
import { eventsOf } from './journal.js';
import type { JournalEvent } from './journal-events.js';
import { readLive } from './live-file.js';
import { lockHolder } from './lock.js';
import type { RunEvent, RunState } from './run-events.js';
import type { RunFolder } from './run-folder.js';
import { type JournalState, journalState, runningTrials, tallyOf } from './run-status.js';
import { finishedEvent } from './trial-events.js';

export interface Following {
  readonly folder: RunFolder;
  /** Ends the following. */
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

const LOOK_MS = 500;

/**
 * Tells what happens in a run that another process runs, as that process tells it, from the run's files. Returns how the
 * run ended; `stopped` when its process died; null when the following was ended.
 */
export async function followRun({ folder, signal, emit }: Following): Promise<RunState | 'stopped' | null> {
  const plan = await folder.readPlan();
  const journal = growingFile(folder.journalFile);
  const before = await newEvents(journal);
  let state = journalState(before);
  let end = endOf(before);
  emit(runStarted(folder, plan, state, await bestTrial(folder, plan.trials)));
  const told = { folder, plan, emit };
  for (const started of runningTrials(state)) {
    emit(startedEvent(started));
    for (const record of await folder.readEpochs(started.trial)) emit(epochEvent(started.trial, record, plan));
  }
  while (!signal.aborted) {
    // Asked before the journal is read: what a process writes before it ends is heard.
    const alive = (await lockHolder(folder.path)) !== null;
    const events = [...(alive ? [] : end), ...(await newEvents(journal))];
    end = [];
    state = journalState([...memory(state), ...events]);
    for (const event of events) await tell(event, told, state);
    if (state.ended !== null) return state.ended;
    if (!alive) return 'stopped';
    for (const event of await readLive(folder)) if (state.started.has(event.trial)) emit(event);
    await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

interface Telling {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly emit: (event: RunEvent) => void;
}

async function tell(event: JournalEvent, { folder, plan, emit }: Telling, state: JournalState): Promise<void> {
  switch (event.event) {
    case 'run-started':
      return emit(runStarted(folder, plan, state, await bestTrial(folder, plan.trials)));
    case 'started':
      return emit(startedEvent(event));
    case 'epoch': {
      const record = (await folder.readEpochs(event.trial)).find(({ epoch }) => epoch === event.epoch);
      if (record !== undefined) emit(epochEvent(event.trial, record, plan));
      return;
    }
    case 'finished': {
      if (event.state === 'skipped') {
        return emit({ event: 'skipped', trials: [event.trial], reason: event.error ?? 'skipped' });
      }
      const trial = plan.trials.find(({ id }) => id === event.trial);
      const result = trial === undefined ? null : await folder.readResult(trial);
      if (result !== null) return emit(finishedEvent(folder, result, event.seconds));
      const { log } = folder.trial(event.trial);
      const error = { code: 'UNKNOWN', message: event.error ?? 'no reason given' };
      return emit({ ...event, metrics: {}, log, error });
    }
    case 'submitted':
      return emit({ event: 'submitted', job: event.job, tasks: event.tasks, trials: event.trials });
    case 'detached':
      return emit({ event: 'detached', tally: tallyOf(plan.trials, state) });
    case 'run-finished':
      return emit({ ...event, tally: tallyOf(plan.trials, state) });
    default:
      return;
  }
}

function runStarted(folder: RunFolder, plan: Plan, state: JournalState, best: BestTrial | null): RunEvent {
  const tally = tallyOf(plan.trials, state);
  const { length: trials } = plan.trials;
  const to_run = trials - tally.complete - tally.failed - tally.diverged - tally.timed_out;
  const { jobs = 1, executor = 'local' } = state.execution ?? {};
  const since = state.execution === null ? {} : { since: state.execution.time };
  return {
    event: 'run-started',
    run: folder.id,
    folder: folder.path,
    jobs,
    executor,
    trials,
    to_run,
    tally,
    ...(best === null ? {} : { best }),
    ...since,
  };
}

function startedEvent({ time, ...event }: Extract<JournalEvent, { readonly event: 'started' }>): RunEvent {
  return { ...event, since: time };
}

function epochEvent(trial: string, record: EpochRecord, plan: Plan): RunEvent {
  const epochs = plan.trials.find(({ id }) => id === trial)?.config.train.epochs ?? record.epoch;
  return { event: 'epoch', trial, epochs, record };
}

/** How the run ended before it was followed; nothing where it goes on. */
function endOf(events: readonly JournalEvent[]): readonly JournalEvent[] {
  const last = events.findLast(({ event }) => ['run-started', 'run-finished', 'detached'].includes(event));
  return last === undefined || last.event === 'run-started' ? [] : [last];
}

/** Events that lead to a state that has no end. */
function memory({ execution, started, finished }: JournalState): readonly JournalEvent[] {
  return [...(execution === null ? [] : [execution]), ...finished.values(), ...started.values()];
}

async function newEvents(journal: GrowingFile): Promise<readonly JournalEvent[]> {
  return eventsOf(await journal.lines());
}
