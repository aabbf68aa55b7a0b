import { type Command, Option } from 'commander';
import { PipelineError } from '../errors.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import type { ExecutorName } from '../run/executors/executor.js';
import { type SlurmSettings, slurmSettings, type WrittenSlurm } from '../run/executors/slurm/settings.js';
import type { ScheduleOptions } from './schedule-options.js';

export interface ExecutorOptions {
  readonly executor?: ExecutorName;
  readonly detach?: boolean;
}

/** Where the trials run, and how. */
export type ExecutorChoice =
  | {
      readonly name: 'local';
      /** Trials at once, and on one GPU, where anybody says. */
      readonly jobs: number | undefined;
      readonly trials_per_gpu: number | undefined;
    }
  | { readonly name: 'slurm'; readonly settings: SlurmSettings };

/** Adds what `run`, `resume` and `retry` let the user say about where trials run. */
export function addExecutorOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--executor <name>',
        'where trials run (default: as the pipeline or your settings say, else here)',
      ).choices(['local', 'slurm']),
    )
    .option('--detach', 'with slurm: leave once the jobs are submitted; `sweep watch` or `resume` comes back');
}

/**
 * The command line goes before the pipeline, and both before the user's own file; settings of Slurm are taken key by key.
 * Throws a PipelineError for `--detach` without Slurm.
 */
export function chooseExecutor(
  options: ExecutorOptions & ScheduleOptions,
  pipeline: Pipeline['executor'],
  user: Pipeline['executor'],
): ExecutorChoice {
  const name = options.executor ?? nameOf(pipeline) ?? nameOf(user) ?? 'local';
  if (name === 'local') {
    if (options.detach === true) {
      throw new PipelineError('expected --executor slurm with --detach, found local: trials on this machine need it', {
        code: 'DETACH_LOCAL',
        hint: 'leave --detach out, or add --executor slurm',
      });
    }
    const jobs = options.jobs ?? localOf(pipeline)?.jobs ?? localOf(user)?.jobs;
    const trials_per_gpu = localOf(pipeline)?.trials_per_gpu ?? localOf(user)?.trials_per_gpu;
    return { name, jobs, trials_per_gpu };
  }
  if (options.gpus !== undefined || options.trialsPerGpu !== undefined) {
    const option = options.gpus === undefined ? '--trials-per-gpu' : '--gpus';
    throw new PipelineError(`expected --executor local with ${option}, found slurm: the cluster deals the GPUs`, {
      code: 'GPUS_SLURM',
      hint: 'say how many each task gets with --set executor.slurm.gpus=1',
    });
  }
  const asked: WrittenSlurm = options.jobs === undefined ? {} : { max_parallel: options.jobs };
  return { name, settings: slurmSettings(slurmOf(user), slurmOf(pipeline), asked) };
}

function nameOf(written: Pipeline['executor']): ExecutorName | undefined {
  if (written === undefined || typeof written === 'string') return written;
  return 'slurm' in written ? 'slurm' : 'local';
}

function slurmOf(written: Pipeline['executor']): WrittenSlurm {
  return (typeof written === 'object' && 'slurm' in written && written.slurm) || {};
}

function localOf(
  written: Pipeline['executor'],
): { readonly jobs?: number; readonly trials_per_gpu?: number } | undefined {
  return typeof written === 'object' && 'local' in written ? written.local : undefined;
}
