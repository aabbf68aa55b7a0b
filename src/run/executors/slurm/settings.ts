import type { Pipeline } from '../../../pipeline/pipeline-types.js';

/** `executor.slurm` as it is written in a pipeline or in the user's file. */
export type WrittenSlurm = NonNullable<
  Extract<NonNullable<Pipeline['executor']>, { readonly slurm?: unknown }>['slurm']
>;

/** What the jobs of a run ask of the cluster, with every default in place. */
export interface SlurmSettings extends Omit<WrittenSlurm, 'setup' | 'time' | 'memory'> {
  /** As sbatch reads them. */
  readonly time?: string;
  readonly memory?: string;
  /** GPUs of a task. */
  readonly gpus: number;
  /** CPUs of a task. */
  readonly cpus: number;
  /** Shell lines before the worker starts. */
  readonly setup: readonly string[];
  /** Short trials share a task until it is expected to last so long. */
  readonly min_task_minutes: number;
  /** How often a trial is begun again after a time limit or a lost node. */
  readonly max_requeues: number;
}

/** Settings of which the later parts go before the earlier ones, key by key. */
export function slurmSettings(...parts: readonly WrittenSlurm[]): SlurmSettings {
  const { time, memory, ...others }: WrittenSlurm = Object.assign({}, ...parts);
  return {
    gpus: 0,
    cpus: 1,
    setup: [],
    min_task_minutes: 5,
    max_requeues: 3,
    ...others,
    ...(time === undefined ? {} : { time: String(time) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
  };
}

/** The seconds of a time as sbatch reads it: `90`, `90:00`, `02:00:00`, `1-12`, `1-12:30`, `1-12:30:00`. */
export function timeSeconds(text: string): number {
  const [days, clock] = text.includes('-') ? (text.split('-') as [string, string]) : [null, text];
  const parts = clock.split(':').map(Number);
  // With days the first number counts hours; without, a single number or a pair counts minutes.
  const [hours = 0, minutes = 0, seconds = 0] = days === null && parts.length < 3 ? [0, ...parts] : parts;
  return ((Number(days ?? 0) * 24 + hours) * 60 + minutes) * 60 + seconds;
}
