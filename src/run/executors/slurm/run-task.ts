import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { RunError } from '../../../errors.js';
import type { TrialJob } from '../../../trial/events.js';
import type { TrialResult } from '../../../trial/result.js';
import { isFinal } from '../../retries.js';
import type { RunFolder } from '../../run-folder.js';
import type { Launcher } from '../executor.js';
import { localLauncher } from '../local.js';
import { liveTrial } from './live-trial.js';
import { type ArrayRecord, readArray } from './slurm-folder.js';
import { type StopReason, storyEvents, storyPaths, tellStory } from './trial-story.js';
import { unfinishedResult } from './unfinished-result.js';

export interface TaskOptions {
  readonly folder: RunFolder;
  readonly array: number;
  readonly index: number;
  /** `<job>_<index>`. */
  readonly job: string;
  readonly launcher?: Launcher;
  /** How long to wait for files that a shared file system shows late. */
  readonly patienceMs?: number;
}

/** Hears why the task must stop. */
export interface TaskStop {
  readonly reason: StopReason | null;
  onStop(listener: () => void): () => void;
}

const LOOK_MS = 2000;

/**
 * Runs the trials of one array task, one after the other; those that have a final result already are passed over, so a
 * task that Slurm starts again goes on where it was. Before a time limit it saves and asks Slurm to start it again.
 */
export async function runTask(options: TaskOptions, stop: TaskStop): Promise<void> {
  const { folder, array, index, patienceMs = 60_000 } = options;
  const record = await eventually(() => readArray(folder, array), patienceMs);
  const trials = record?.tasks[index];
  // Taken back: another array has these trials.
  if (record === null || trials === undefined) return;
  const launcher = options.launcher ?? localLauncher();
  try {
    for (const [position, id] of trials.entries()) {
      if (stop.reason !== null) break;
      const task = { ...options, record, patienceMs, launcher, upcoming: trials.length - position - 1 };
      await runOne(id, task, stop);
    }
  } finally {
    await launcher.close();
  }
  if (stop.reason === 'time-limit' && (await hasOpenTrials(options, trials, record))) await requeue(options.job);
}

interface TrialContext extends TaskOptions {
  readonly record: ArrayRecord;
  readonly patienceMs: number;
  readonly launcher: Launcher;
  readonly upcoming: number;
}

async function runOne(id: string, context: TrialContext, stop: TaskStop): Promise<void> {
  const { folder, array, job, record, patienceMs, launcher, upcoming } = context;
  const prepared = await eventually(() => readJob(folder, id), patienceMs);
  if (prepared === null) {
    throw new RunError(`expected ${folder.trial(id).config}, found no such file on ${hostname()}`, {
      code: 'SLURM_FILES',
      hint: 'run folders must be on a file system that the compute nodes share',
    });
  }
  const { trial } = prepared;
  const result = await folder.readResult(trial);
  if (result !== null && isFinal(result)) return;
  if (await exists(storyPaths(folder, id).cancel)) return;
  const begun = await timesBegun(folder, id, array);
  if (begun > record.max_requeues) {
    // Slurm itself starts tasks again that lost their node, as often as that happens.
    if (result !== null && result.state !== 'cancelled') return;
    await folder.writeResult(unfinishedResult(trial, overdue(begun), await folder.readEpochs(id)));
    return;
  }
  await folder.prepareTrial(prepared);
  const live = liveTrial(folder, id);
  const execution = await launcher.start({
    folder,
    trial,
    // Slurm itself says which GPUs a task sees.
    gpu: null,
    upcoming,
    onEvent(event) {
      live.hear(event);
      if (event.type === 'epoch') tellStory(folder, id, { event: 'epoch', epoch: event.record.epoch });
      if (event.type === 'warning') tellStory(folder, id, { event: 'warning', message: event.message });
    },
  });
  live.watch(execution.pid);
  tellStory(folder, id, { event: 'started', array, job, host: hostname(), pid: execution.pid });
  const began = performance.now();
  let reason: StopReason | null = null;
  const end = (why: StopReason): void => {
    reason ??= why;
    execution.stop('stop');
  };
  const unbind = stop.onStop(() => end(stop.reason!));
  if (stop.reason !== null) end(stop.reason);
  const look = setInterval(async () => {
    if (await exists(storyPaths(folder, id).cancel)) end('cancelled');
  }, LOOK_MS);
  let ended: TrialResult;
  try {
    ended = await execution.result;
  } finally {
    clearInterval(look);
    unbind();
    await live.close();
  }
  if (reason === 'time-limit' && !isFinal(ended) && begun >= record.max_requeues) {
    ended = unfinishedResult(trial, timeIsUp(begun + 1), ended.epochs);
    await folder.writeResult(ended);
  }
  tellStory(folder, id, {
    event: 'ended',
    state: ended.state,
    seconds: Math.round(performance.now() - began) / 1000,
    peak_memory_bytes: Math.max(ended.peak_memory_bytes, live.peak),
    ...(reason === null || isFinal(ended) ? {} : { stopped: reason }),
  });
}

/** How often the tasks of an array have begun a trial. */
async function timesBegun(folder: RunFolder, id: string, array: number): Promise<number> {
  const text = await readFile(storyPaths(folder, id).story, 'utf8').catch(() => '');
  return storyEvents(text.split('\n')).filter((event) => event.event === 'started' && event.array === array).length;
}

function overdue(begun: number) {
  return {
    code: 'SLURM_LOST',
    message: `begun ${begun} times and lost each time: its task was ended before it (executor.slurm.max_requeues)`,
    hint: 'its log and `slurm/logs` in the run folder tell more; `sweep resume` goes on from its last checkpoint',
  };
}

function timeIsUp(begun: number) {
  return {
    code: 'SLURM_TIME_LIMIT',
    message: `reached the time limit of its task for the ${begun === 1 ? 'first' : `${begun}th`} time (executor.slurm.time)`,
    hint: 'raise executor.slurm.time or executor.slurm.max_requeues; `sweep resume` goes on from its last checkpoint',
  };
}

/** Whether a trial is left that the next start of this task would run. */
async function hasOpenTrials(
  { folder, array }: TaskOptions,
  trials: readonly string[],
  { max_requeues }: ArrayRecord,
): Promise<boolean> {
  for (const id of trials) {
    const job = await readJob(folder, id);
    const result = job === null ? null : await folder.readResult(job.trial);
    if (result !== null && isFinal(result)) continue;
    if ((await timesBegun(folder, id, array)) <= max_requeues) return true;
  }
  return false;
}

/** Asks Slurm to start this task again; where it refuses, whoever follows the run submits the trials anew. */
async function requeue(job: string): Promise<void> {
  const { failed, stderr } = await execa('scontrol', ['requeue', job], { reject: false, stdin: 'ignore' });
  if (failed) process.stderr.write(`cannot be requeued: ${stderr}\n`);
  // Slurm ends this process now; without a wait it might see it end by itself first.
  else await pause(60_000);
}

async function readJob(folder: RunFolder, id: string): Promise<TrialJob | null> {
  try {
    return JSON.parse(await readFile(folder.trial(id).config, 'utf8')) as TrialJob;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** What `look` finds, once it finds something; null after so long. */
async function eventually<Value>(look: () => Promise<Value | null>, patienceMs: number): Promise<Value | null> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null || performance.now() - began > patienceMs) return found;
    await pause(Math.min(1000, patienceMs / 10));
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
