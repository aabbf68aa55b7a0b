import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
// Plain files: neither loads an engine.
import { engineFolder, readInstallation } from '../engine/tensorflow/installation.js';
import { type TensorflowAnswer, tryEngine } from '../engine/tensorflow/try-engine.js';

export type ProbeAnswer =
  | { readonly works: true; readonly variant: string }
  | { readonly works: false; readonly reason: string };

/** Tries an engine in a process of its own, so that an addon that crashes costs only that process. */
export async function probeEngine(name: 'native' | 'wasm', variant: string | null): Promise<ProbeAnswer> {
  // From the package's root: this file may itself run from src/ under a test.
  const worker = fileURLToPath(new URL('../../dist/engine/probe.js', import.meta.url));
  const { stdout, signal, exitCode, failed } = await execa(
    process.execPath,
    [worker, name, ...(variant === null ? [] : [variant])],
    { reject: false, timeout: 20_000 },
  );
  if (signal !== undefined) return { works: false, reason: `it crashes with ${signal} when it is loaded` };
  if (failed) return { works: false, reason: `its trial process ended with exit code ${exitCode ?? 'none'}` };
  return JSON.parse(stdout) as ProbeAnswer;
}

/** Tries the installed TensorFlow in the same way; null, at the cost of one look at the disk, when none is installed. */
export async function probeTensorflow(): Promise<(TensorflowAnswer & { readonly cuda: string | null }) | null> {
  const installation = await readInstallation(await engineFolder());
  if (installation === null) return null;
  return { ...(await tryEngine(installation.folder)), cuda: installation.cuda };
}
