import type { JournalEvent } from '../../journal-events.js';
import type { RunFolder } from '../../run-folder.js';
import type { Cluster } from './cluster.js';
import type { OpenTrial } from './open-trial.js';
import type { TaskState } from './queue-table.js';
import { arrayNumbers, readArray, revokeArray } from './slurm-folder.js';

/** One task of a submitted array, with the trials of it that are open. */
export interface ClusterTask {
  readonly array: number;
  readonly job: string;
  readonly index: number;
  /** `<job>_<index>`. */
  readonly key: string;
  /** In the order in which the task runs them. */
  readonly open: Map<string, OpenTrial>;
  /** Slurm's last word; null while it has said nothing, and where it knows the task no more. */
  state: TaskState | null;
  /** Since when the task is gone, in milliseconds of performance.now(); null while it waits or runs. */
  goneAt: number | null;
  /** Gone before this process came: what it left is to run again, whatever ended it. */
  before: boolean;
  /** Trials whose end in this array the journal tells: nothing more comes of them. */
  readonly told: ReadonlySet<string>;
}

export function clusterTask(
  array: number,
  job: string,
  index: number,
  { trials, told = new Set() }: { readonly trials: Iterable<OpenTrial>; readonly told?: ReadonlySet<string> },
): ClusterTask {
  const open = new Map(Array.from(trials, (trial) => [trial.trial.id, trial]));
  return { array, job, index, key: `${job}_${index}`, open, state: null, goneAt: null, before: false, told };
}

export interface Found {
  readonly tasks: readonly ClusterTask[];
  /** Arrays whose job the journal did not tell: submitted by a process that died in that moment. */
  readonly recovered: readonly {
    readonly array: number;
    readonly job: string;
    readonly tasks: number;
    readonly trials: number;
  }[];
  /** The highest number that an array has. */
  readonly last: number;
}

/**
 * Which tasks have been given the open trials by earlier executions. Of several arrays the last has a trial. An array
 * that was written and never submitted is taken back. Null while the controller does not answer.
 */
export async function findTasks(
  folder: RunFolder,
  open: ReadonlyMap<string, OpenTrial>,
  { events, cluster }: { readonly events: readonly JournalEvent[]; readonly cluster: Cluster },
): Promise<Found | null> {
  const jobs = new Map<number, string>();
  const told = new Map<number, Set<string>>();
  for (const event of events) {
    if (event.event === 'submitted') {
      jobs.set(event.array, event.job);
      told.set(event.array, new Set());
    } else if (event.event === 'finished' && open.has(event.trial)) {
      for (const ended of told.values()) ended.add(event.trial);
    }
  }
  const numbers = await arrayNumbers(folder);
  const free = new Map(open);
  const tasks: ClusterTask[] = [];
  const recovered: Found['recovered'][number][] = [];
  for (const array of [...numbers].reverse()) {
    const record = await readArray(folder, array);
    if (record === null) continue;
    let job = jobs.get(array);
    if (job === undefined) {
      const named = await cluster.named(arrayName(folder, array));
      if (named === null) return null;
      job = named[0];
      if (job === undefined) {
        await revokeArray(folder, array);
        continue;
      }
      const trials = record.tasks.reduce((sum, { length }) => sum + length, 0);
      recovered.push({ array, job, tasks: record.tasks.length, trials });
    }
    for (const [index, ids] of record.tasks.entries()) {
      const own = ids.flatMap((id) => free.get(id) ?? []);
      for (const { trial } of own) free.delete(trial.id);
      if (own.length > 0)
        tasks.push(clusterTask(array, job, index, { trials: own, told: told.get(array) ?? new Set() }));
    }
  }
  return { tasks: tasks.reverse(), recovered, last: numbers.at(-1) ?? 0 };
}

/** What an array's job is called: no other job of any run has the name. */
export function arrayName(folder: RunFolder, array: number): string {
  return `sweepline-${folder.id}-${array}`;
}
