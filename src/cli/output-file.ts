import { readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAtomically } from '../atomic-file.js';

/** Writes to the file that the user named: a link's target is replaced, not the link; a pipe or a device is written to. */
export async function writeOutput(path: string, text: string): Promise<void> {
  if (await isStream(path)) await writeFile(path, text);
  else await writeAtomically(await linkedFile(path), text);
}

/** Whether a path leads to what takes text but is no file: a pipe, a device, a socket. */
export async function isStream(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}

const MOST_LINKS = 40;

/** Where a path leads, also where nothing is there yet. */
async function linkedFile(path: string): Promise<string> {
  let file = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = await readlink(file).catch(() => null);
    if (target === null) break;
    // The folder may itself be reached by a link, from which `..` does not lead back.
    file = resolve(await realpath(dirname(file)), target);
  }
  return file;
}
