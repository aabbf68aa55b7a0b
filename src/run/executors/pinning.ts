import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';

/** Deals out cores, so that no two single-threaded trials share one while another is free. */
export interface Cores {
  /** Ties the main thread of a process to a core of its own; returns what gives the core back. */
  pin(pid: number): () => void;
}

/**
 * Cores of this machine, one for each of `jobs` trials, by `taskset` (Linux). Null where there is no such command, where
 * one trial runs at a time (the system places it better, beside whatever else runs), and where there are not enough cores.
 */
export async function coresFor(jobs: number): Promise<Cores | null> {
  if (jobs < 2 || process.platform !== 'linux') return null;
  const allowed = await allowedCores();
  if (allowed.length < jobs || (await execa('taskset', ['--version'], QUIET)).failed) return null;
  // Cores that the workers of other sweeps are tied to come last.
  const taken = await coresOfOtherWorkers();
  const order = [...allowed].sort((a, b) => (taken.get(a) ?? 0) - (taken.get(b) ?? 0));
  const free = order.slice(0, jobs);
  return {
    pin(pid) {
      const core = free.shift();
      if (core === undefined) return () => undefined;
      // Of all its threads only this one: those that compile and collect garbage go where there is room.
      spawn('taskset', ['--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' }).on(
        'error',
        () => undefined,
      );
      return () => free.unshift(core);
    },
  };
}

const QUIET = { reject: false, stdio: 'ignore' } as const;

/** The cores that this process may use, one thread of each physical core first. */
async function allowedCores(): Promise<readonly number[]> {
  const cores = coreList(await statusField('self', 'Cpus_allowed_list'));
  const ranked = await Promise.all(
    cores.map(async (core) => {
      const path = `/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`;
      const siblings = coreList(await readFile(path, 'utf8').catch(() => ''));
      return { core, thread: Math.max(0, siblings.indexOf(core)) };
    }),
  );
  return ranked.sort((a, b) => a.thread - b.thread || a.core - b.core).map(({ core }) => core);
}

async function coresOfOtherWorkers(): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (!/trial\/worker\.js/.test(command)) return;
      const [core, ...others] = coreList(await statusField(pid, 'Cpus_allowed_list'));
      if (core !== undefined && others.length === 0) counts.set(core, (counts.get(core) ?? 0) + 1);
    }),
  );
  return counts;
}

async function statusField(pid: string, name: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
}

/** `0-2,5` is 0, 1, 2, 5. */
function coreList(text: string): readonly number[] {
  return text
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first, last = first] = part.split('-').map(Number) as [number, number?];
      return Array.from({ length: (last ?? first) - first + 1 }, (_, n) => first + n);
    });
}
