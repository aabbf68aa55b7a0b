import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError, RunError } from '../../../errors.js';
import type { EngineConfig, TrialConfig } from '../../../plan/trial-config.js';
import type { EngineChoice } from '../../choose-engine.js';
import { jsonText } from '../../run-folder.js';
import { batchScript, submitArguments } from './batch-script.js';
import type { Cluster } from './cluster.js';
import { type ProbeAnswer, type ProbeRequest, probePaths } from './probe-files.js';
import type { TaskState } from './queue-table.js';
import { refusal } from './refusal.js';
import type { SlurmSettings } from './settings.js';
import { waitForJob } from './wait-for-job.js';

export interface ProbeOptions {
  readonly cluster: Cluster;
  readonly settings: SlurmSettings;
  /** The probe's own folder is made in here, and removed. */
  readonly runsFolder: string;
  readonly cache: string;
  readonly workingDirectory: string;
  readonly engines: readonly EngineConfig[];
  readonly time: TrialConfig | null;
  /** Aborted: the probe is cancelled. */
  readonly signal: AbortSignal;
  readonly onState: (state: TaskState | { readonly job: string }) => void;
}

export interface Probed {
  readonly host: string;
  /** In the order of the question. */
  readonly engines: readonly EngineChoice[];
  readonly steps_per_second: number | null;
}

/** The script that jobs run. */
export const TASK_SCRIPT = fileURLToPath(new URL('../../../../dist/run/executors/slurm/task.js', import.meta.url));

/**
 * Asks a compute node, in a job of at most two minutes, which engines work there and whether it sees our files. Throws
 * what the node says, sbatch's refusal, or why the job left no answer; null where the waiting was ended.
 */
export async function probeCluster(options: ProbeOptions): Promise<Probed | null> {
  const runs = resolve(options.runsFolder);
  await mkdir(runs, { recursive: true });
  await mkdir(options.cache, { recursive: true });
  const folder = await realpath(await mkdtemp(join(runs, '.probe-')));
  const token = join(await realpath(options.cache), `.probe-${process.pid}-${Date.now()}`);
  try {
    await writeFile(token, '');
    return await ask(options, folder, token);
  } finally {
    await rm(token, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function ask(options: ProbeOptions, folder: string, token: string): Promise<Probed | null> {
  const { cluster, settings, engines, time, workingDirectory, signal, onState, cache } = options;
  const paths = probePaths(folder);
  const request: ProbeRequest = { schema: 1, engines, gpu: settings.gpus > 0, cache_token: token, time };
  await writeFile(paths.request, jsonText(request));
  await writeFile(paths.script, probeScript({ folder, workingDirectory, cache, settings }));
  const args = submitArguments({ settings, name: 'sweepline-probe', script: paths.script, logs: folder, minutes: 2 });
  const submitted = await cluster.submit(args);
  if (!('job' in submitted)) throw await refusal(submitted);
  const { job } = submitted;
  onState({ job });
  const found = async (): Promise<boolean> => (await readAnswer(folder)) !== null;
  const end = await waitForJob({ cluster, job, signal, onState, found });
  if (signal.aborted) {
    await cluster.cancel([job], 'stop');
    return null;
  }
  const answer = await readAnswer(folder);
  if (answer === null) throw await noAnswer(job, end === 'found' ? null : end, folder);
  if (answer.error !== null || answer.engines === null) throw refusedThere(answer);
  return { host: answer.host, engines: answer.engines, steps_per_second: answer.steps_per_second };
}

interface ProbeScript {
  readonly folder: string;
  readonly workingDirectory: string;
  readonly cache: string;
  readonly settings: SlurmSettings;
}

function probeScript({ folder, workingDirectory, cache, settings }: ProbeScript): string {
  return batchScript({
    title: 'Written by sweepline: says which engines work on a compute node.',
    workingDirectory,
    node: process.execPath,
    command: [TASK_SCRIPT, 'probe', folder],
    environment: jobEnvironment(cache),
    setup: settings.setup,
  });
}

/** Our own variables, and where the data was prepared. */
export function jobEnvironment(cache: string): { readonly [name: string]: string } {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    /^SWEEPLINE_\w+$/.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(own), SWEEPLINE_CACHE: cache };
}

async function readAnswer(folder: string): Promise<ProbeAnswer | null> {
  // Listing a folder makes a network file system look again.
  await readdir(folder).catch(() => []);
  const text = await readFile(probePaths(folder).answer, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as ProbeAnswer);
}

function refusedThere({ host, error }: ProbeAnswer): EngineError {
  const { code, message, hint } = error ?? { code: 'INTERNAL', message: 'no engine and no reason' };
  return new EngineError(`on the compute node ${host}: ${message}`, {
    code,
    hint: hint ?? 'executor.slurm.setup runs before the worker, executor.slurm.constraint chooses nodes',
  });
}

async function noAnswer(job: string, state: TaskState | null, folder: string): Promise<RunError> {
  const log = await readFile(join(folder, `${job}.log`), 'utf8').catch(() => null);
  const how = state === null ? 'it is gone' : [state.state, state.reason].filter((part) => part !== '').join(', ');
  const said = log === null || log.trim() === '' ? '' : `:\n${log.trim().split('\n').slice(-10).join('\n')}`;
  return new RunError(`the probe job ${job} left no answer (${how})${said}`, {
    code: 'SLURM_PROBE',
    hint:
      log === null
        ? `the compute nodes must see ${folder}: put --runs on a file system that they share`
        : 'executor.slurm.setup runs before the worker: load there what the compute node lacks',
  });
}
