import { EngineError } from '../errors.js';
import type { Trial } from '../plan/plan.js';
import { findGpus, type GpuRequest, type GpuShare, usesGpu } from '../run/gpus.js';
import { jobsOf, type ScheduleOptions } from './schedule-options.js';

export interface GpuOptions {
  readonly options: ScheduleOptions;
  /** What the run was started with, or the pipeline says, where the command line says nothing. */
  readonly before: Partial<GpuRequest>;
  /** Whether the engine is known to calculate on a GPU, so that all are meant where nobody names any. */
  readonly onGpu: boolean;
  readonly trials: readonly Trial[];
}

/** How many trials run at once, and on which GPUs. */
export interface Places {
  readonly jobs: number;
  readonly gpus: GpuShare | null;
  /** For the run's record; null where no GPUs are dealt. */
  readonly request: GpuRequest | null;
}

/** The places that a run's trials get on this machine. Throws an EngineError where GPUs that are asked for cannot be dealt. */
export async function placesOf({ options, before, onGpu, trials }: GpuOptions): Promise<Places> {
  const trials_per_gpu = options.trialsPerGpu ?? before.trials_per_gpu ?? 1;
  const asked = options.gpus ?? before.choice ?? null;
  if (asked === null && !onGpu) {
    if (options.trialsPerGpu === undefined) return { jobs: jobsOf(options), gpus: null, request: null };
    throw new EngineError('--trials-per-gpu was given, and no GPUs are dealt to this run', {
      code: 'GPUS_UNUSED',
      hint: 'name them with --gpus, or say how many trials run at once with --jobs',
    });
  }
  const choice = asked ?? 'auto';
  // Where nobody asked for them and nvidia-smi does not know them, the engine sees to itself.
  const names = await findGpus(choice, trials).catch((error: unknown) => {
    if (asked === null && error instanceof EngineError) return null;
    throw error;
  });
  if (names === null) return { jobs: jobsOf(options), gpus: null, request: null };
  const gpus = { names, trials_per_gpu };
  return { jobs: jobsFor(gpus, options, trials), gpus, request: { choice, trials_per_gpu } };
}

/** As many as the GPUs have places; trials on the CPU run beside them. */
function jobsFor({ names, trials_per_gpu }: GpuShare, options: ScheduleOptions, trials: readonly Trial[]): number {
  const places = names.length * trials_per_gpu;
  if (trials.every(usesGpu)) return Math.min(options.jobs ?? places, places);
  return options.jobs ?? Math.max(jobsOf(options), places);
}
