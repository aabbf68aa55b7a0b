import { readFile, rm, stat } from 'node:fs/promises';
import type { RunFolder } from '../../run-folder.js';
import { slurmPaths } from './slurm-folder.js';
import type { ClusterTask } from './task-list.js';

type Named = Pick<ClusterTask, 'job' | 'index'>;

/** The log of a task. */
function taskLog(folder: RunFolder, { job, index }: Named): string {
  return `${slurmPaths(folder).logs}/${job}_${index}.log`;
}

/** The last lines of a task's log, at most 2 kB. */
export async function logTail(folder: RunFolder, task: Named): Promise<string> {
  const text = await readFile(taskLog(folder, task), 'utf8').catch(() => '');
  return text
    .slice(-2048)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-10)
    .join('\n');
}

/** Of most tasks there is nothing to say. */
export async function removeEmptyLog(folder: RunFolder, task: Named): Promise<void> {
  const path = taskLog(folder, task);
  if ((await stat(path).catch(() => null))?.size === 0) await rm(path, { force: true });
}
