import type { TrialResult, TrialState } from '../../../trial/result.js';
import { isFinal } from '../../retries.js';
import type { TaskState } from './queue-table.js';
import type { SlurmSettings } from './settings.js';
import type { StopReason } from './trial-story.js';

/** What is known of a trial whose task is gone. */
export interface Evidence {
  /** `<job>_<index>`. */
  readonly job: string;
  /** Null where Slurm knows the task no more. */
  readonly task: TaskState | null;
  /** Whether the task had begun this trial. */
  readonly begun: boolean;
  readonly result: TrialResult | null;
  readonly stopped: StopReason | null;
  /** Whether we ended the task, or this trial. */
  readonly asked: boolean;
  /** The most memory that was seen, in bytes. */
  readonly peak: number;
  /** The last lines of the task's log. */
  readonly log: string;
  /** Whether the trial may be submitted again, were it lost. */
  readonly mayRequeue: boolean;
  readonly settings: SlurmSettings;
}

/** `again`: it is submitted again. `stands`: as its result says. `unstarted`: it never began, and shall not. */
export type Verdict =
  | { readonly is: 'stands'; readonly result: TrialResult }
  | { readonly is: 'again'; readonly reason: string }
  | { readonly is: 'unstarted' }
  | { readonly is: 'ended'; readonly state: TrialState; readonly error: NonNullable<TrialResult['error']> };

/** Decides what becomes of a trial whose task is gone and that has no final result. */
export function verdictOn(evidence: Evidence): Verdict {
  const { job, task, begun, result, stopped, asked } = evidence;
  if (result !== null && isFinal(result)) return { is: 'stands', result };
  if (asked) return begun ? cancelled(result, 'cancelled by an interrupt') : { is: 'unstarted' };
  if (stopped === 'cancelled') return cancelled(result, 'cancelled by an interrupt');
  if (result?.error?.code === 'SLURM_TIME_LIMIT' || result?.error?.code === 'SLURM_LOST')
    return { is: 'stands', result };
  switch (task?.state) {
    case 'CANCELLED':
      return cancelled(
        null,
        `its task ${job} was cancelled${task.by === undefined ? '' : ` by user ${task.by}`} (scancel)`,
      );
    case 'OUT_OF_MEMORY':
      if (!begun) return lost(evidence, `its task ${job} ran out of memory with the trial before it`);
      return { is: 'ended', state: 'killed', error: outOfMemory(evidence) };
    case 'TIMEOUT':
    case 'DEADLINE':
      return outOfTime(evidence);
    case 'COMPLETED':
    case 'FAILED':
      return leftAlone(evidence);
    default:
      return lost(evidence, `its task ${job} was lost (${stateText(task)})`);
  }
}

/** The task's program ended by itself. */
function leftAlone(evidence: Evidence): Verdict {
  const { job, task, begun, result, stopped, log } = evidence;
  if (stopped === 'time-limit') return outOfTime(evidence);
  // Ended by a signal that was not ours and, by its state, nobody's scancel.
  if (stopped === 'signal') return lost(evidence, `its task ${job} was ended (${stateText(task)})`);
  if (result !== null && result.state !== 'cancelled') return { is: 'stands', result };
  const how = `its task ${job} ended (${stateText(task)}) ${begun ? 'without a result' : 'before it began'}`;
  if (!begun && task?.state === 'COMPLETED') return lost(evidence, how);
  const message = log === '' ? how : `${how}:\n${log}`;
  const hint = 'executor.slurm.setup runs before the worker; the logs of the tasks are in slurm/logs';
  return { is: 'ended', state: 'failed', error: { code: begun ? 'WORKER_LOST' : 'WORKER_START', message, hint } };
}

function cancelled(result: TrialResult | null, message: string): Verdict {
  if (result?.state === 'cancelled') return { is: 'stands', result };
  const hint = '`sweep resume` goes on from its last checkpoint';
  return { is: 'ended', state: 'cancelled', error: { code: 'TRIAL_CANCELLED', message, hint } };
}

function outOfMemory({ job, peak, settings }: Evidence): NonNullable<TrialResult['error']> {
  const limit = settings.memory === undefined ? 'the memory of a task' : `executor.slurm.memory: ${settings.memory}`;
  const seen = peak === 0 ? '' : `; its peak was ${(peak / 2 ** 30).toFixed(2)} GiB`;
  return {
    code: 'TRIAL_OUT_OF_MEMORY',
    message: `out of memory: its task ${job} took more than it may (${limit})${seen}`,
    hint: 'raise executor.slurm.memory (`sweep resume --set executor.slurm.memory=…`), or make train.batch_size smaller',
  };
}

function outOfTime(evidence: Evidence): Verdict {
  const { job, mayRequeue } = evidence;
  if (mayRequeue) return { is: 'again', reason: `its task ${job} reached its time limit` };
  const message = `its task ${job} reached its time limit again (executor.slurm.max_requeues)`;
  const hint =
    'raise executor.slurm.time or executor.slurm.max_requeues; `sweep resume` goes on from its last checkpoint';
  return { is: 'ended', state: 'killed', error: { code: 'SLURM_TIME_LIMIT', message, hint } };
}

function lost({ mayRequeue }: Evidence, reason: string): Verdict {
  if (mayRequeue) return { is: 'again', reason };
  const hint = '`sweep resume` goes on from its last checkpoint';
  const message = `${reason}, again (executor.slurm.max_requeues)`;
  return { is: 'ended', state: 'killed', error: { code: 'SLURM_LOST', message, hint } };
}

function stateText(task: TaskState | null): string {
  if (task === null) return 'Slurm knows it no more';
  const exit = task.exit === undefined || task.exit === '0:0' ? '' : `, exit code ${task.exit}`;
  return `${task.state}${exit}${task.host === '' ? '' : ` on ${task.host}`}`;
}
