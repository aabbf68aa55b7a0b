import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomic-file.js';
import type { RunFolder } from './run-folder.js';

/** What another process asks of the one that runs a run. */
export type ControlRequest = { readonly ask: 'cancel-run' } | { readonly ask: 'cancel-trial'; readonly trial: string };

const LOOK_MS = 500;

/** Leaves a request for the process that runs the run; it looks twice a second. */
export async function sendRequest(folder: RunFolder, request: ControlRequest): Promise<void> {
  await mkdir(folder.controlFolder, { recursive: true });
  const path = join(folder.controlFolder, `${Date.now()}-${randomBytes(4).toString('hex')}.json`);
  await writeAtomically(path, JSON.stringify(request));
}

/** Removes requests that nobody heard: they were meant for an earlier execution. */
export async function clearRequests(folder: RunFolder): Promise<void> {
  await rm(folder.controlFolder, { recursive: true, force: true });
}

/** Hears requests until the returned function is called. */
export function hearRequests(folder: RunFolder, onRequest: (request: ControlRequest) => void): () => void {
  const look = (): void => {
    try {
      // In single calls, not by way of threads, which cost more than so small a folder.
      const names = readdirSync(folder.controlFolder);
      for (const name of names.filter((entry) => entry.endsWith('.json')).sort()) {
        const path = join(folder.controlFolder, name);
        const text = readFileSync(path, 'utf8');
        rmSync(path, { force: true });
        onRequest(JSON.parse(text) as ControlRequest);
      }
    } catch {
      // No folder: nobody asked. One that cannot be read: nobody is heard, and the run goes on.
    }
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
