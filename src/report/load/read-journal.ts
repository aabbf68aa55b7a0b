import type { RunClock } from '../run-data.js';
import { isObject, type Note } from './fields.js';

/** What a journal says of one trial. */
export interface TrialHistory {
  readonly started: boolean;
  /** The fate that was written down, or null when none was. */
  readonly finished: string | null;
  readonly error: string | null;
  readonly last_epoch: number;
}

export interface JournalData {
  readonly trials: ReadonlyMap<string, TrialHistory>;
  readonly clock: RunClock;
}

interface Execution {
  readonly began: number;
  last: number;
  seconds: number | null;
}

/** What the text of a journal tells. A torn last line is dropped; others that cannot be read are noted. */
export function readJournalText(text: string, note: Note): JournalData {
  const trials = new Map<string, TrialHistory>();
  const executions: Execution[] = [];
  let ended: RunClock['ended'] = null;
  for (const event of eventsOf(text, note)) {
    const time = Date.parse(String(event.time));
    const execution = executions.at(-1);
    if (execution !== undefined && time > execution.last) execution.last = time;
    if (event.event === 'run-started') {
      executions.push({ began: time, last: time, seconds: null });
      ended = null;
    } else if (event.event === 'run-finished') {
      ended = endOf(event.state);
      if (execution !== undefined && typeof event.seconds === 'number') execution.seconds = event.seconds;
    } else if (typeof event.trial === 'string') {
      trials.set(event.trial, advance(trials.get(event.trial), event));
    }
  }
  return { trials, clock: { seconds: totalSeconds(executions), ended, executions: executions.length } };
}

function* eventsOf(text: string, note: Note): Generator<{ readonly [key: string]: unknown }> {
  const lines = text.split('\n');
  // What follows the last line break was never finished.
  lines.pop();
  for (const [index, line] of lines.entries()) {
    let event: unknown;
    try {
      event = JSON.parse(line);
    } catch {
      event = null;
    }
    if (isObject(event) && typeof event.event === 'string') yield event;
    else note(`line ${index + 1} cannot be read and is left out`);
  }
}

const UNTOUCHED: TrialHistory = { started: false, finished: null, error: null, last_epoch: 0 };

function advance(history: TrialHistory = UNTOUCHED, event: { readonly [key: string]: unknown }): TrialHistory {
  switch (event.event) {
    case 'started':
      return { ...history, started: true, finished: null, error: null };
    case 'epoch':
      return typeof event.epoch === 'number' ? { ...history, last_epoch: event.epoch } : history;
    case 'finished': {
      const error = typeof event.error === 'string' ? event.error : null;
      return { ...history, finished: String(event.state), error };
    }
    default:
      return history;
  }
}

function endOf(state: unknown): RunClock['ended'] {
  return state === 'complete' || state === 'failed' || state === 'interrupted' ? state : null;
}

/** A killed execution lasted until its last event. */
function totalSeconds(executions: readonly Execution[]): number | null {
  let total = 0;
  for (const { began, last, seconds } of executions) total += seconds ?? (last - began) / 1000;
  return executions.length === 0 || !Number.isFinite(total) ? null : total;
}
