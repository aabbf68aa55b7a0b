import { fileURLToPath } from 'node:url';
import { loadExeca } from '../../load-execa.js';

export type TensorflowAnswer =
  | {
      readonly works: true;
      readonly variant: string;
      readonly gpu: boolean;
      readonly device: string;
      /** What does not run as well as it could, and why. */
      readonly warnings: readonly string[];
    }
  | { readonly works: false; readonly reason: string };

/** Loads the engine that lies in a folder in a process of its own: a product, and which device it ran on. */
export async function tryEngine(folder: string): Promise<TensorflowAnswer> {
  // From the package's root: this file may itself run from src/ under a test.
  const worker = fileURLToPath(new URL('../../../dist/engine/probe.js', import.meta.url));
  const execa = await loadExeca();
  const { stdout, stderr, signal, failed, exitCode } = await execa(process.execPath, [worker, 'tensorflow', folder], {
    reject: false,
    timeout: 120_000,
  });
  if (signal !== undefined) return { works: false, reason: `it ends with ${signal} when it is loaded` };
  if (failed) return { works: false, reason: `exit code ${exitCode ?? 'none'}: ${stderr.trim().split('\n').at(-1)}` };
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as TensorflowAnswer;
}
