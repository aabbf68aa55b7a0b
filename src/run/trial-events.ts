import type { Trial } from '../plan/plan.js';
import type { TrialEvent } from '../trial/events.js';
import type { TrialResult } from '../trial/result.js';
import type { NewJournalEvent } from './journal.js';
import type { RunEvent } from './run-events.js';
import type { RunFolder } from './run-folder.js';

/** The journal's line for a trial that ended. */
export function finishedRecord(result: TrialResult, seconds: number): NewJournalEvent {
  const error = result.error === undefined ? {} : { error: result.error.message };
  const reused = result.reused_from === undefined ? {} : { reused_from: result.reused_from };
  return { event: 'finished', trial: result.trial, state: result.state, seconds: round(seconds), ...error, ...reused };
}

/** What those who watch a run hear of a trial that ended. */
export function finishedEvent(
  folder: RunFolder,
  { trial, state, metrics, error }: TrialResult,
  seconds: number,
): Extract<RunEvent, { readonly event: 'finished' }> {
  const reason = error === undefined ? {} : { error: { code: error.code, message: error.message } };
  return { event: 'finished', trial, state, seconds: round(seconds), metrics, log: folder.trial(trial).log, ...reason };
}

/** What those who watch a run hear of a worker's event; null for what only the run itself needs. */
export function forwardedEvent(trial: Trial, event: TrialEvent): RunEvent | null {
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
