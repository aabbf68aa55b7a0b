import { randomBytes } from 'node:crypto';
import { link, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import { RunError } from '../errors.js';

const HEARTBEAT_MS = 5_000;
const STALE_MS = 60_000;

export interface RunLock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Called when another process took the lock over (this one was suspended for long). */
  readonly onLost?: () => void;
}

interface LockRecord {
  readonly pid: number;
  readonly host: string;
  /** Tells processes that had the same pid apart; null where the system does not say. */
  readonly process_start: string | null;
  readonly taken: string;
  readonly released: boolean;
}

/**
 * Takes the lock of a run folder, so that one process at a time runs its trials. A lock whose process is gone (same
 * host) or whose heartbeat is a minute old (another host) is taken over. Throws a RunError while its holder lives.
 *
 * The lock is the file `lock-<n>` with the highest n, which is never removed. Taking it is creating `lock-<n+1>`, which
 * succeeds for one process only; no process ever removes a lock that another may hold.
 */
export async function lockRun(folder: string, { onLost }: LockOptions = {}): Promise<RunLock> {
  for (;;) {
    const generation = await highestGeneration(folder);
    if (generation > 0) await refuseLiving(folder, generation);
    const own = await take(folder, generation + 1);
    if (own !== null) return hold(folder, own, onLost);
  }
}

async function take(folder: string, generation: number): Promise<{ generation: number; record: LockRecord } | null> {
  const record: LockRecord = {
    pid: process.pid,
    host: await hostIdentity(),
    process_start: await processStart(process.pid),
    taken: new Date().toISOString(),
    released: false,
  };
  const path = lockFile(folder, generation);
  const aside = join(folder, `.lock-${randomBytes(4).toString('hex')}.tmp`);
  try {
    await writeFile(aside, JSON.stringify(record), { flag: 'wx' });
    // A link, unlike a rename, fails when the name is taken; unlike an exclusive create, it is never seen half written.
    await link(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw new RunError(`cannot lock ${folder}: ${(error as Error).message}`, {
      code: 'RUN_LOCK',
      hint: 'whoever runs a run writes to its folder: make it writable, with room on its disk',
      cause: error,
    });
  } finally {
    await rm(aside, { force: true });
  }
  if ((await highestGeneration(folder)) > generation) {
    await rm(path, { force: true });
    return null;
  }
  for (const older of await generations(folder)) {
    if (older < generation) await rm(lockFile(folder, older), { force: true });
  }
  return { generation, record };
}

function hold(folder: string, own: { generation: number; record: LockRecord }, onLost?: () => void): RunLock {
  const path = lockFile(folder, own.generation);
  const beat = setInterval(async () => {
    const now = new Date();
    try {
      await utimes(path, now, now);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
      clearInterval(beat);
      onLost?.();
    }
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      if ((await highestGeneration(folder)) !== own.generation) return;
      // A lock that cannot be marked (disk full) is stale as soon as this process is gone.
      await writeAtomically(path, JSON.stringify({ ...own.record, released: true })).catch(() => undefined);
    },
  };
}

/** The process that runs a run. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** Who holds the lock of a run folder; null when nobody does, or its holder is dead. */
export async function lockHolder(folder: string): Promise<LockHolder | null> {
  const found = await readLock(folder, await highestGeneration(folder));
  if (found === null || found.record.released || !(await isAlive(found.record, found.beat))) return null;
  return { pid: found.record.pid, host: found.record.host.split(' ')[0]! };
}

/** Null where there is none, or it is being taken over in this moment, or damaged. */
async function readLock(
  folder: string,
  generation: number,
): Promise<{ readonly record: LockRecord; readonly beat: Date } | null> {
  const path = lockFile(folder, generation);
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as LockRecord | null;
    return typeof record?.host !== 'string' ? null : { record, beat: (await stat(path)).mtime };
  } catch {
    return null;
  }
}

async function refuseLiving(folder: string, generation: number): Promise<void> {
  const found = await readLock(folder, generation);
  // Taken over in this moment, or damaged: the next try decides.
  if (found === null || found.record.released || !(await isAlive(found.record, found.beat))) return;
  const { record } = found;
  throw new RunError(`${folder} is being run by process ${record.pid} on ${record.host.split(' ')[0]}`, {
    code: 'RUN_LOCKED',
    hint: 'wait until it ends, watch it with `sweep watch`, or stop it with `sweep cancel`',
  });
}

async function isAlive(record: LockRecord, beat: Date): Promise<boolean> {
  if (record.host !== (await hostIdentity())) {
    // A beat from the future is one of before the clock was set back.
    return Math.abs(Date.now() - beat.getTime()) < STALE_MS;
  }
  try {
    process.kill(record.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return record.process_start === null || record.process_start === (await processStart(record.pid));
}

/** Within one identity a pid means one process: the host, its boot, and its pid namespace (containers). */
async function hostIdentity(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return [hostname(), boot.trim(), namespace].filter((part) => part !== '').join(' ');
}

/**
 * The start time of a process in clock ticks since boot (proc(5), stat, field 22), or null where there is no /proc, or
 * the process is a zombie: dead, and waiting for a parent that does not ask.
 */
async function processStart(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the command in brackets and may hold spaces.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

function lockFile(folder: string, generation: number): string {
  return join(folder, `lock-${generation}`);
}

async function highestGeneration(folder: string): Promise<number> {
  return Math.max(0, ...(await generations(folder)));
}

async function generations(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => (/^lock-\d+$/.test(name) ? [Number(name.slice(5))] : []));
}
