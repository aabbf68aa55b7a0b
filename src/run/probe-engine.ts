import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

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
