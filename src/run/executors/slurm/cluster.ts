import { RunError } from '../../../errors.js';
import { loadExeca } from '../../../load-execa.js';
import { ACCOUNT_FORMAT, QUEUE_FORMAT, readAccounts, readQueue, type TaskTable } from './queue-table.js';

/** What a submission came to. `busy`: the cluster takes no more now. `unclear`: nobody answered; it may have been taken. */
export type Submitted =
  | { readonly job: string }
  | { readonly refused: 'busy' | 'unclear' | 'wrong'; readonly reason: string };

/** The cluster's own commands. Each call is one process with an argument array; no shell reads anything. */
export interface Cluster {
  submit(args: readonly string[]): Promise<Submitted>;
  /** The ids of the jobs of this user with a name, whatever their state; null while nobody answers. */
  named(name: string): Promise<readonly string[] | null>;
  /** One call for all jobs; those that Slurm has forgotten are missing. Null while the controller does not answer. */
  queue(jobs: readonly string[]): Promise<TaskTable | null>;
  /** One call for all tasks; null where there is no accounting. */
  accounts(tasks: readonly string[]): Promise<TaskTable | null>;
  /** Ends jobs or tasks: asks them first, or `kill`s them at once. False while nobody answers. */
  cancel(ids: readonly string[], level: 'stop' | 'kill'): Promise<boolean>;
  /** The most tasks of one array. */
  arrayLimit(): Promise<number>;
}

const AWAY = /unable to contact slurm controller|socket timed out|connection (refused|timed out)|transport|zero bytes/i;
const BUSY = /max_?submit|job submit limit|maxjobcount|temporarily unable|slurm job queue full|try again/i;
/** An argument list must fit; more tasks than that are asked for by their jobs. */
const MOST_IDS = 500;
/** Longer than the minute or so in which sbatch itself tries again, and Slurm's own timeouts. */
const PATIENCE_MS = 180_000;

/** The cluster that the commands on PATH speak to. */
export function slurmCluster(): Cluster {
  let accounting = true;
  return {
    async submit(args) {
      const answer = await call('sbatch', args);
      const job = /^(\d+)/.exec(answer.stdout)?.[1];
      if (answer.works && job !== undefined) return { job };
      const reason = answer.error;
      return { refused: AWAY.test(reason) ? 'unclear' : BUSY.test(reason) ? 'busy' : 'wrong', reason };
    },
    async named(name) {
      const args = ['--noheader', '--states=all', `--name=${name}`, '--format=%F'];
      const answer = await call('squeue', args);
      if (!answer.works) return null;
      return [...new Set(answer.stdout.split('\n').filter((id) => /^\d+$/.test(id)))];
    },
    async queue(jobs) {
      if (jobs.length === 0) return new Map();
      const args = ['--noheader', '--states=all', `--jobs=${jobs.join(',')}`, `--format=${QUEUE_FORMAT}`];
      const answer = await call('squeue', args);
      if (answer.works) return readQueue(answer.stdout);
      // What it says where it knows none of the jobs.
      return /invalid job id/i.test(answer.error) ? new Map() : null;
    },
    async accounts(tasks) {
      if (!accounting || tasks.length === 0) return null;
      const ids = tasks.length > MOST_IDS ? [...new Set(tasks.map((task) => task.split('_')[0]!))] : tasks;
      const answer = await call('sacct', [
        '--noheader',
        '--parsable2',
        `--jobs=${ids.join(',')}`,
        `--format=${ACCOUNT_FORMAT}`,
      ]);
      if (answer.works) return readAccounts(answer.stdout);
      if (/disabled|not (enabled|configured)|ENOENT/i.test(answer.error)) accounting = false;
      return null;
    },
    async cancel(ids, level) {
      if (ids.length === 0) return true;
      if (level === 'kill') await call('scancel', ['--full', '--signal=KILL', ...ids]);
      const answer = await call('scancel', ids);
      return answer.works || !AWAY.test(answer.error);
    },
    async arrayLimit() {
      const answer = await call('scontrol', ['show', 'config']);
      const found = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(answer.stdout)?.[1] ?? DEFAULT_ARRAY_SIZE);
      // A size of 0 switches arrays off.
      return Math.max(1, found);
    },
  };
}

const DEFAULT_ARRAY_SIZE = 1001;

/** Throws a RunError where Slurm's commands are not on this machine. */
export async function requireSlurm(): Promise<void> {
  const { works, error } = await call('sbatch', ['--version']);
  if (works) return;
  throw new RunError(`expected Slurm's commands on this machine, found no sbatch that works: ${error}`, {
    code: 'SLURM_MISSING',
    hint: 'run it where jobs are submitted, as a rule a login node, or leave out --executor slurm',
  });
}

interface Answer {
  readonly works: boolean;
  readonly stdout: string;
  /** What it said instead, on one line. */
  readonly error: string;
}

async function call(command: string, args: readonly string[]): Promise<Answer> {
  const execa = await loadExeca();
  const { failed, stdout, stderr, shortMessage, exitCode } = await execa(command, args, {
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
    extendEnv: false,
    env: commandEnvironment(process.env),
  });
  if (!failed) return { works: true, stdout, error: '' };
  const said = stderr
    ?.trim()
    .split('\n')
    .map((line) => line.replace(/^\w+: error: /, ''))
    .join('; ');
  return { works: false, stdout: stdout ?? '', error: said || (shortMessage ?? `exit code ${exitCode}`) };
}

/** Ours, but for what would change the commands' answers or reach into the job: the variables of a surrounding job. */
function commandEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || /^(SQUEUE|SACCT|SCANCEL)_|^SBATCH_WAIT$/.test(name)) continue;
    if (/^SLURM_/.test(name) && !/^SLURM_(CONF|CONF_SERVER|CLUSTERS|JWT)$/.test(name)) continue;
    passed[name] = value;
  }
  // Whole lists of waiting tasks, whatever their length.
  return { ...passed, SLURM_BITSTR_LEN: '0', LC_ALL: 'C' };
}
