import { readdir, readFile, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { RunError } from '../errors.js';
import type { RunFolder } from './run-folder.js';

const PATIENCE_MS = 10_000;

/**
 * Ends the workers that an earlier execution of this run left behind when it was killed, so that no two write one
 * trial's files. Only for the holder of the run's lock. Throws a RunError when one cannot be ended.
 */
export async function endOrphans(folder: RunFolder): Promise<void> {
  const trials = (await realpath(folder.path)) + sep;
  const began = performance.now();
  for (;;) {
    const orphans = await processesWith(trials);
    if (orphans.length === 0) return;
    if (performance.now() - began > PATIENCE_MS) {
      throw new RunError(`process ${orphans[0]} of an earlier execution of ${folder.path} does not end`, {
        code: 'RUN_ORPHAN',
        hint: 'end it by hand, then resume',
      });
    }
    // Everything that a worker writes is whole at any moment, so this loses nothing but the work since its checkpoint.
    for (const pid of orphans) kill(pid);
    await pause(20);
  }
}

/** The processes that were started with a path below `folder` as an argument; none where the system cannot tell. */
async function processesWith(folder: string): Promise<readonly number[]> {
  const listed = (await fromProc()) ?? (await fromPs());
  return listed.flatMap(({ pid, command }) => (pid !== process.pid && isWorker(command, folder) ? [pid] : []));
}

interface Listed {
  readonly pid: number;
  /** The arguments, each behind a separator. */
  readonly command: string;
}

function isWorker(command: string, folder: string): boolean {
  return command.includes(`${folder}trials${sep}`) && /worker\.m?js/.test(command);
}

async function fromProc(): Promise<readonly Listed[] | null> {
  const names = await readdir('/proc').catch(() => null);
  const pids = names?.filter((name) => /^\d+$/.test(name)) ?? [];
  if (pids.length === 0) return null;
  return Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      // Empty for zombies, which write nothing any more.
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  );
}

async function fromPs(): Promise<readonly Listed[]> {
  const { stdout, failed } = await execa('ps', ['-A', '-o', 'pid=,args='], { reject: false, stdin: 'ignore' });
  if (failed) return [];
  return stdout.split('\n').map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself.
  }
}
