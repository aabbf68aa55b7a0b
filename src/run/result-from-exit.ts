import type { Trial } from '../plan/plan.js';
import type { EpochRecord, TrialResult, TrialState } from '../trial/result.js';

/** A worker ends with it where the disk refuses its files: EX_IOERR of sysexits(3). */
const IO_EXIT_CODE = 74;

/** How a worker's process ended. */
export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why no process came to be, when none did. */
  readonly spawnError: string | null;
  /** Whether the kernel killed it for want of memory; absent or null where nobody knows. */
  readonly oom?: boolean | null;
  /** What we did to end it. */
  readonly cause: 'stop' | 'kill' | 'timeout' | null;
  /** The last lines that it wrote. */
  readonly log: string;
}

/** The result of a trial whose worker left none: its fate and reason are read from how the process ended. */
export function resultFromExit(
  trial: Trial,
  exit: WorkerExit,
  { seconds, epochs }: { readonly seconds: number; readonly epochs: readonly EpochRecord[] },
): TrialResult {
  const { state, code, message } = fate(trial, exit);
  const sum = (of: (epoch: EpochRecord) => number): number => epochs.reduce((total, epoch) => total + of(epoch), 0);
  return {
    schema: 1,
    trial: trial.id,
    arm: trial.arm,
    seed: trial.seed,
    hash: trial.hash,
    state,
    metrics: {},
    epochs,
    timing: {
      total_seconds: seconds,
      startup_seconds: 0,
      data_seconds: 0,
      train_seconds: sum((epoch) => epoch.train_seconds),
      evaluate_seconds: sum((epoch) => epoch.evaluate_seconds),
      batches_per_second: 0,
      tokens_per_second: 0,
    },
    engine: null,
    model: null,
    data: null,
    peak_memory_bytes: 0,
    warnings: [],
    error: { code, message },
  };
}

function fate(
  trial: Trial,
  { code, signal, spawnError, oom = null, cause, log }: WorkerExit,
): { readonly state: TrialState; readonly code: string; readonly message: string } {
  if (cause === 'timeout') {
    const message = `stopped after ${trial.config.train.timeout} s (train.timeout)`;
    return { state: 'timed_out', code: 'TRIAL_TIMED_OUT', message };
  }
  if (cause !== null) return { state: 'cancelled', code: 'TRIAL_CANCELLED', message: 'cancelled by an interrupt' };
  if (spawnError !== null) {
    return { state: 'failed', code: 'WORKER_START', message: `the worker could not be started: ${spawnError}` };
  }
  if (signal !== null) {
    return {
      state: 'killed',
      code: 'TRIAL_KILLED',
      message: `killed (${signal}${signalReason(signal, { oom, log })})`,
    };
  }
  if (code === IO_EXIT_CODE) {
    return { state: 'killed', code: 'TRIAL_IO', message: `the trial's files cannot be written:\n${log}` };
  }
  if (code === 0)
    return { state: 'failed', code: 'WORKER_LOST', message: withLog('the worker ended without a result', log) };
  return {
    state: 'failed',
    code: 'WORKER_CRASHED',
    message: withLog(`the worker crashed with exit code ${code}`, log),
  };
}

function withLog(message: string, log: string): string {
  return log === '' ? message : `${message}:\n${log}`;
}

function signalReason(signal: string, { oom, log }: { readonly oom: boolean | null; readonly log: string }): string {
  if (oom === true || /heap out of memory|bad_alloc|out of memory/i.test(log)) return ', out of memory';
  // Few others send this.
  return signal === 'SIGKILL' && oom === null ? ', probably out of memory' : '';
}
