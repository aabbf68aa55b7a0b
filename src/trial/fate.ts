import { SweeplineError } from '../errors.js';
import type { Stop } from '../train/outcome.js';
import type { TrialResult, TrialState } from './result.js';

/** How a trial ended and, unless it is complete, why. */
export interface Fate {
  readonly state: TrialState;
  readonly error?: NonNullable<TrialResult['error']>;
}

/** The fate of a training that ended by itself. */
export function fateOfTraining(stop: Stop | null, timeout_seconds: number | null): Fate {
  switch (stop?.state) {
    case undefined:
      return { state: 'complete' };
    case 'diverged':
      return { state: 'diverged', error: { code: 'TRAIN_DIVERGED', message: stop!.message, hint: stop!.hint } };
    case 'timed_out':
      return timedOut(timeout_seconds);
    case 'cancelled':
      return cancelled();
  }
}

export function cancelled(): Fate {
  return { state: 'cancelled', error: { code: 'TRIAL_CANCELLED', message: 'cancelled by an interrupt' } };
}

export function timedOut(timeout_seconds: number | null): Fate {
  const error = {
    code: 'TRIAL_TIMED_OUT',
    message: `stopped after ${timeout_seconds} s (train.timeout)`,
    hint: 'raise train.timeout, or train for fewer epochs',
  };
  return { state: 'timed_out', error };
}

/** The fate of a trial that threw: the user's error with its hint, or a bug with its stack. */
export function fateOfError(error: unknown): Fate {
  if (error instanceof SweeplineError) {
    const { code, message, hint } = error;
    return { state: 'failed', error: { code, message, ...(hint === undefined ? {} : { hint }) } };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RangeError && /allocation failed|Invalid typed array length/i.test(message)) {
    const hint = 'make train.batch_size, data.sequence.length or the model smaller';
    return { state: 'failed', error: { code: 'TRIAL_OUT_OF_MEMORY', message: `out of memory: ${message}`, hint } };
  }
  const internal = { code: 'INTERNAL', message: `Internal error: ${message}` };
  return { state: 'failed', error: stack === undefined ? internal : { ...internal, stack } };
}
