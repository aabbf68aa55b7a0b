import { lstat, readdir, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { linkAtomically } from '../atomic-file.js';
import { folderSize } from './folder-size.js';
import { lockHolder } from './lock.js';
import { listRuns } from './open-run.js';
import { isFinal } from './retries.js';
import { RunFolder } from './run-folder.js';

/** Something in a runs folder that nothing needs any more. */
export interface Leftover {
  /** A whole run; the checkpoints of a trial whose fate stands; a run folder that was never finished. */
  readonly what: 'run' | 'checkpoints' | 'unfinished';
  readonly path: string;
  readonly bytes: number;
}

export interface LeftoverOptions {
  /** Whole runs that began longer ago; null keeps all. */
  readonly olderThanMs: number | null;
  readonly now?: number;
}

const UNFINISHED_MS = 3_600_000;

/** What could be removed, nothing of a run that is being run or that is only linked here. */
export async function surveyLeftovers(
  runsFolder: string,
  { olderThanMs, now = Date.now() }: LeftoverOptions,
): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  const add = async (what: Leftover['what'], path: string): Promise<void> => {
    found.push({ what, path, bytes: await folderSize(path) });
  };
  for (const name of await readdir(runsFolder).catch(() => [])) {
    const path = join(runsFolder, name);
    // One that is being made is younger.
    if (name.startsWith('.new-') && (await ageOf(path, now)) > UNFINISHED_MS) await add('unfinished', path);
  }
  for (const id of await listRuns(runsFolder)) {
    const folder = new RunFolder(join(runsFolder, id));
    // What a link leads to is kept elsewhere for a reason.
    if ((await lstat(folder.path).catch(() => null))?.isSymbolicLink() !== false) continue;
    if ((await lockHolder(folder.path)) !== null) continue;
    if (olderThanMs !== null && (await ageOf(folder.planFile, now)) > olderThanMs) await add('run', folder.path);
    else for (const path of await spentCheckpoints(folder)) await add('checkpoints', path);
  }
  return found;
}

/** Removes what was found in a runs folder; a run that has been started meanwhile is left alone. */
export async function removeLeftovers(runsFolder: string, leftovers: readonly Leftover[]): Promise<void> {
  for (const { what, path } of leftovers) {
    if (what === 'run' && (await lockHolder(path)) !== null) continue;
    await rm(path, { recursive: true, force: true });
  }
  await mendLatest(runsFolder);
}

/** Where `latest` points at a run that is gone, it is the newest of those that are left, or none. */
async function mendLatest(runsFolder: string): Promise<void> {
  const latest = join(runsFolder, 'latest');
  const target = await readlink(latest).catch(() => null);
  const runs = await listRuns(runsFolder);
  if (target === null || runs.includes(target)) return;
  const newest = runs.at(-1);
  if (newest === undefined) await rm(latest, { force: true });
  else await linkAtomically(latest, newest);
}

/** The checkpoints of trials that neither a resume nor a retry with more time goes on with. */
async function spentCheckpoints(folder: RunFolder): Promise<readonly string[]> {
  const { trials } = await folder.readPlan().catch(() => ({ trials: [] }));
  const paths: string[] = [];
  for (const trial of trials) {
    const { checkpoint } = folder.trial(trial.id);
    const names = await readdir(checkpoint).catch(() => []);
    if (names.length === 0) continue;
    const result = await folder.readResult(trial);
    // With a longer time limit a retry goes on from where the time ran out.
    if (result !== null && isFinal(result) && result.state !== 'timed_out') paths.push(checkpoint);
  }
  return paths;
}

async function ageOf(path: string, now: number): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found === null ? 0 : now - found.mtimeMs;
}
