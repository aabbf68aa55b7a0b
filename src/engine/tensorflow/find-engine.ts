import path from 'node:path';
import { engineFolder, readInstallation } from './installation.js';
import { npmCopies } from './npm-copy.js';
import { type TensorflowAnswer, tryEngine } from './try-engine.js';

/** Tells the processes of a run which of the user's own packages was chosen for them; goes before all else. */
export const FOLDER_VARIABLE = 'SWEEPLINE_TENSORFLOW';

/** Where the engine may lie, best first; empty where there is none. Loads nothing. */
export async function engineFolders(): Promise<readonly string[]> {
  const told = process.env[FOLDER_VARIABLE];
  if (told !== undefined && told !== '') return [path.resolve(told)];
  const installed = await engineFolder();
  return (await readInstallation(installed)) === null ? npmCopies() : [installed];
}

export interface FoundEngine {
  /** The first that works; where none does, the last. */
  readonly folder: string;
  readonly answer: TensorflowAnswer;
}

/**
 * Tries the folders in turn, each in a process of its own, and stops at the first that works. Why those before it do not
 * is among its warnings; where none works, it is the reason. Null without any folder.
 */
export async function findEngine(folders: readonly string[]): Promise<FoundEngine | null> {
  const failures: string[] = [];
  for (const folder of folders) {
    const answer = await tryEngine(folder);
    if (answer.works) return { folder, answer: { ...answer, warnings: [...failures, ...answer.warnings] } };
    failures.push(answer.reason.includes(folder) ? answer.reason : `${folder}: ${answer.reason}`);
  }
  const folder = folders.at(-1);
  return folder === undefined ? null : { folder, answer: { works: false, reason: failures.join('; ') } };
}
