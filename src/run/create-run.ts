import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkAtomically, syncFolder, writeAtomically } from '../atomic-file.js';
import { RunError } from '../errors.js';
import type { Plan } from '../plan/plan.js';
import type { RunInfo } from './journal-events.js';
import { planText } from './plan-file.js';
import { jsonText, RunFolder } from './run-folder.js';

export interface NewRun {
  /** Where run folders live: `runs`. */
  readonly runsFolder: string;
  readonly plan: Plan;
  /** The pipeline file's text, as it was. */
  readonly pipeline: string;
  readonly info: Omit<RunInfo, 'schema' | 'id' | 'name' | 'started'>;
  readonly now?: Date;
  /** Four hexadecimal digits that tell runs of one second apart. */
  readonly suffix?: () => string;
}

/**
 * Creates a run folder and points `latest` at it. The folder is made aside and renamed, so a run folder has all its
 * files or does not exist. Throws a RunError when the runs folder cannot be written.
 */
export async function createRun(run: NewRun): Promise<RunFolder> {
  try {
    await mkdir(run.runsFolder, { recursive: true });
    const aside = await mkdtemp(join(run.runsFolder, '.new-'));
    try {
      return await fill(run, aside);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`cannot create a run folder in ${run.runsFolder}: ${(error as Error).message}`, {
      code: 'RUN_FOLDER',
      hint: 'name a folder that can be written with --runs',
      cause: error,
    });
  }
}

async function fill(
  { runsFolder, plan, pipeline, info, now = new Date(), suffix = randomSuffix }: NewRun,
  aside: string,
): Promise<RunFolder> {
  const made = new RunFolder(aside);
  await mkdir(join(aside, 'trials'));
  await writeAtomically(made.pipelineFile, pipeline);
  await writeAtomically(made.planFile, planText(plan));
  await writeFile(made.journalFile, '');
  for (let tries = 0; tries < 100; tries++) {
    const id = `${timestamp(now)}-${plan.name}-${suffix()}`;
    const started = now.toISOString();
    await writeAtomically(made.infoFile, jsonText({ schema: 1, id, name: plan.name, started, ...info }));
    const folder = new RunFolder(join(runsFolder, id));
    // Temporary folders are for their owner's eyes only, runs for whoever the user shares files with.
    await chmod(aside, 0o777 & ~process.umask());
    if (!(await renamedTo(aside, folder.path))) continue;
    await syncFolder(runsFolder);
    await linkAtomically(join(runsFolder, 'latest'), id).catch(ignoreMissingLinks);
    return folder;
  }
  throw new RunError(`cannot find a free name for a run in ${runsFolder}`, { code: 'RUN_FOLDER' });
}

async function renamedTo(aside: string, path: string): Promise<boolean> {
  try {
    // Renaming a folder onto a folder that holds anything fails: an existing run is never overwritten.
    await rename(aside, path);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function ignoreMissingLinks(error: NodeJS.ErrnoException): void {
  // Without the right to make links (Windows), or with a real folder in the way, `latest` is found by name instead.
  if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EISDIR', 'EEXIST', 'ENOTEMPTY'].includes(error.code ?? '')) throw error;
}

/** Local time: people look for the run that they started at half past nine. */
function timestamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

function randomSuffix(): string {
  return randomBytes(2).toString('hex');
}
