import { fileURLToPath } from 'node:url';
import { loadExeca } from '../load-execa.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { withEngine } from './executors/worker-environment.js';
import type { StepSizes } from './step-shape.js';

/** How fast an engine trains, or why it does not. */
export type StepTiming =
  | {
      readonly works: true;
      readonly steps_per_second: number;
      /** Batches of a held-out split. */
      readonly evaluations_per_second: number;
      /** From the start of the process until the engine is ready. */
      readonly startup_seconds: number;
      readonly device: string;
    }
  | { readonly works: false; readonly reason: string };

/** What steps are made up for: a configuration, and what its data says where that is known. */
export interface StepRequest {
  readonly config: TrialConfig;
  readonly sizes?: StepSizes;
}

/** Times some training steps of a configuration, on its own engine and in a process of its own. */
export async function timeEngine(request: StepRequest): Promise<StepTiming> {
  // From the package's root: this file may itself run from src/ under a test.
  const worker = fileURLToPath(new URL('../../dist/trial/time-steps.js', import.meta.url));
  const execa = await loadExeca();
  const { stdout, stderr, signal, failed, exitCode, timedOut } = await execa(process.execPath, [worker], {
    input: JSON.stringify(request),
    env: { ...withEngine({}, request.config.engine), ...process.env },
    reject: false,
    timeout: 180_000,
  });
  if (timedOut) return { works: false, reason: 'two steps take more than three minutes' };
  if (signal !== undefined) return { works: false, reason: `its process ended with ${signal}` };
  if (failed) return { works: false, reason: `exit code ${exitCode ?? 'none'}: ${stderr.trim().split('\n').at(-1)}` };
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as StepTiming;
}
