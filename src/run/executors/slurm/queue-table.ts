/** How Slurm says that a task stands. */
export interface TaskState {
  /** `PENDING`, `RUNNING`, `OUT_OF_MEMORY`, … */
  readonly state: string;
  /** Why it waits, or why it ended. */
  readonly reason: string;
  readonly host: string;
  /** Who cancelled it, as a user id, where Slurm says so. */
  readonly by?: string;
  readonly exit?: string;
  readonly peak_memory_bytes?: number;
}

/** The states of tasks by `<job>_<index>`; a job of its own by `<job>`. */
export type TaskTable = ReadonlyMap<string, TaskState>;

/** States that no job leaves. Whatever else there is means that it waits, runs or is being ended. */
const ENDED: ReadonlySet<string> = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'NODE_FAIL',
  'PREEMPTED',
  'OUT_OF_MEMORY',
  'BOOT_FAIL',
  'DEADLINE',
  'REVOKED',
]);

export function hasEnded({ state }: Pick<TaskState, 'state'>): boolean {
  return ENDED.has(state);
}

/** Whether the task has begun and not ended; one that is being ended may still write. */
export function isActive({ state }: Pick<TaskState, 'state'>): boolean {
  return !ENDED.has(state) && state !== 'PENDING' && state !== 'REQUEUE_HOLD' && state !== 'SPECIAL_EXIT';
}

/** What `squeue --format` is told so that `readQueue` understands it. */
export const QUEUE_FORMAT = '%F|%K|%T|%r|%N';

/** squeue's lines in QUEUE_FORMAT: waiting tasks of an array share one, as `3-9,12%4`. */
export function readQueue(text: string): TaskTable {
  const tasks = new Map<string, TaskState>();
  for (const line of lines(text)) {
    const [job = '', indices = '', state = '', reason = '', host = ''] = line.split('|');
    if (!/^\d+$/.test(job)) continue;
    const entry = { state, reason: reason === 'None' ? '' : reason, host };
    if (!/^\d/.test(indices)) tasks.set(job, entry);
    else for (const index of indexList(indices)) tasks.set(`${job}_${index}`, entry);
  }
  return tasks;
}

/** What `sacct --format` is told so that `readAccounts` understands it. */
export const ACCOUNT_FORMAT = 'JobID,State,ExitCode,MaxRSS,NodeList';

/** sacct's lines (--parsable2) in ACCOUNT_FORMAT: a task's own line, and those of its steps, which have the memory. */
export function readAccounts(text: string): TaskTable {
  const tasks = new Map<string, TaskState>();
  for (const line of lines(text)) {
    const [id = '', states = '', exit = '', memory = '', host = ''] = line.split('|');
    const [task = '', step] = id.split('.');
    const [state = '', by] = states.split(' by ');
    const before = tasks.get(task);
    const peak = Math.max(before?.peak_memory_bytes ?? 0, bytes(memory));
    const own = step === undefined || before === undefined;
    const entry = own ? { state: state.split(' ')[0]!, reason: '', host, exit } : before;
    tasks.set(task, {
      ...entry,
      ...(by === undefined ? {} : { by }),
      ...(peak === 0 ? {} : { peak_memory_bytes: peak }),
    });
  }
  return tasks;
}

/** `0-3,7,10-20:5%4` is 0, 1, 2, 3, 7, 10, 15, 20. */
function indexList(text: string): readonly number[] {
  return text
    .replace(/%.*$/, '')
    .split(',')
    .flatMap((part) => {
      const [, first, last = first, step = '1'] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part) ?? [];
      if (first === undefined) return [];
      const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
      return Array.from({ length: Math.max(0, count) }, (_, n) => Number(first) + n * Number(step));
    });
}

/** `2.5G` and the like; 0 where nothing was measured. */
function bytes(text: string): number {
  const [, amount, unit = ''] = /^([\d.]+)([KMGT]?)/.exec(text) ?? [];
  return amount === undefined ? 0 : Number(amount) * 1024 ** ' KMGT'.indexOf(unit || ' ');
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
