import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheError } from './cache-folder.js';

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs `work` while no other process that asks for the same lock file does. A lock whose process has died, or that
 * was not refreshed for half a minute, is taken over. The lock only saves work: files are written aside and renamed,
 * so two holders at once would still be safe.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(file, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

const HEARTBEAT_MS = 2_000;
const STALE_MS = 30_000;
const POLL_MS = 50;

async function acquire(file: string, { signal, onWait }: LockOptions): Promise<void> {
  let waited = false;
  for (;;) {
    signal?.throwIfAborted();
    if (await create(file)) return;
    if (!(await takeOverIfStale(file))) {
      if (!waited) onWait?.();
      waited = true;
      await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname(), id: randomBytes(8).toString('hex') }));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cacheError(file, error);
  }
}

/** True when the lock may have become free. */
async function takeOverIfStale(file: string): Promise<boolean> {
  const seen = await read(file);
  if (seen === null) return true;
  if (!isStale(seen)) return false;
  // Two processes may find the lock stale at once: whoever moved a lock that is not the stale one puts it back.
  const moved = `${file}.${randomBytes(4).toString('hex')}.stale`;
  try {
    await rename(file, moved);
  } catch {
    return true;
  }
  const found = await read(moved);
  if (found !== null && found.text !== seen.text) await link(moved, file).catch(() => undefined);
  await rm(moved, { force: true });
  return true;
}

interface SeenLock {
  readonly text: string;
  readonly age: number;
}

async function read(file: string): Promise<SeenLock | null> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return { text, age: Date.now() - mtimeMs };
  } catch {
    return null;
  }
}

function isStale({ text, age }: SeenLock): boolean {
  if (age > STALE_MS) return true;
  try {
    const owner = JSON.parse(text) as { pid: number; host: string };
    return owner.host === hostname() && !isAlive(owner.pid);
  } catch {
    // Being written just now, or cut short by a crash: age decides.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
