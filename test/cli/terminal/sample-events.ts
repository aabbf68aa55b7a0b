import type { RunEvent, Tally } from '../../../src/run/run-events.js';
import type { TrialState } from '../../../src/trial/result.js';

export const noTally: Tally = {
  complete: 0,
  failed: 0,
  diverged: 0,
  timed_out: 0,
  killed: 0,
  cancelled: 0,
  skipped: 0,
  pending: 0,
};

export function startedEvent(trial: string, attempt = 1): RunEvent {
  return { event: 'started', trial, pid: 1, attempt };
}

export function progressEvent(trial: string, change: Partial<Extract<RunEvent, { event: 'progress' }>>): RunEvent {
  return {
    event: 'progress',
    trial,
    epoch: 2,
    epochs: 5,
    batch: 120,
    batches: 313,
    loss: 0.43124,
    accuracy: 0.81234,
    batches_per_second: 37.42,
    eta_seconds: 12,
    ...change,
  };
}

export function finishedEvent(trial: string, state: TrialState, seconds = 42): RunEvent {
  const metrics = state === 'complete' ? { test: { loss: 0.4, accuracy: 0.86131 } } : {};
  const error = state === 'complete' ? {} : { error: { code: 'TEST', message: 'the loss is NaN at step 7' } };
  return { event: 'finished', trial, state, seconds, metrics, log: `runs/r/trials/${trial}/log.txt`, ...error };
}

export function epochEvent(trial: string, epoch: number, accuracy: number): RunEvent {
  const record = {
    epoch,
    train: { loss: 0.5, accuracy },
    test: { loss: 0.5, accuracy },
    lr: 0.001,
    train_seconds: 1,
    evaluate_seconds: 0,
    batches: 10,
    batches_per_second: 10,
    tokens_per_second: 1,
  };
  return { event: 'epoch', trial, epochs: 5, record };
}
