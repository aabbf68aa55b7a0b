import { fileURLToPath } from 'node:url';
// Plain files: neither loads an engine.
import { engineFolders, FOLDER_VARIABLE, findEngine } from '../engine/tensorflow/find-engine.js';
import { readInstallation } from '../engine/tensorflow/installation.js';
import { readNpmCopy } from '../engine/tensorflow/npm-copy.js';
import type { TensorflowAnswer } from '../engine/tensorflow/try-engine.js';
import { loadExeca } from '../load-execa.js';

export type ProbeAnswer =
  | { readonly works: true; readonly variant: string }
  | { readonly works: false; readonly reason: string };

/** Tries an engine in a process of its own, so that an addon that crashes costs only that process. */
export async function probeEngine(name: 'native' | 'wasm', variant: string | null): Promise<ProbeAnswer> {
  // From the package's root: this file may itself run from src/ under a test.
  const worker = fileURLToPath(new URL('../../dist/engine/probe.js', import.meta.url));
  const execa = await loadExeca();
  const { stdout, signal, exitCode, failed } = await execa(
    process.execPath,
    [worker, name, ...(variant === null ? [] : [variant])],
    { reject: false, timeout: 20_000 },
  );
  if (signal !== undefined) return { works: false, reason: `it crashes with ${signal} when it is loaded` };
  if (failed) return { works: false, reason: `its trial process ended with exit code ${exitCode ?? 'none'}` };
  return JSON.parse(stdout) as ProbeAnswer;
}

export type TensorflowProbe = TensorflowAnswer & {
  /** The CUDA that it was built for. */
  readonly cuda: string | null;
  /** The package that the user installed with npm; null for what `sweep engine install` installed. */
  readonly copy: { readonly package: string; readonly folder: string } | null;
};

/**
 * Tries TensorFlow in the same way: what is installed, else the user's own packages until one works, which the processes
 * that this one starts are then told of. Null, at the cost of a look at the disk, where there is none.
 */
export async function probeTensorflow(): Promise<TensorflowProbe | null> {
  const found = await findEngine(await engineFolders());
  if (found === null) return null;
  const { folder, answer } = found;
  const installation = await readInstallation(folder);
  if (installation !== null) return { ...answer, cuda: installation.cuda, copy: null };
  // Of another version, or none at all: the answer says so.
  const copy = await readNpmCopy(folder).catch(() => null);
  if (answer.works) process.env[FOLDER_VARIABLE] = folder;
  return { ...answer, cuda: copy?.cuda ?? null, copy: { package: copy?.package ?? 'tfjs-node', folder } };
}
