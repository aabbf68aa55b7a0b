import type { Executor } from '../run/executors/executor.js';
import { localExecutor } from '../run/executors/local.js';
import type { GpuShare } from '../run/gpus.js';
import type { RunFolder } from '../run/run-folder.js';
import type { CommandContext } from './command.js';
import type { ExecutorOptions } from './executor-choice.js';
import { placesOf } from './gpu-options.js';
import { choiceOfRun, clusterExecutor, moveToCluster } from './run-on-cluster.js';
import { localOptionsOf, type ScheduleOptions } from './schedule-options.js';
import { useTensorflowOf } from './tensorflow-of-run.js';

export interface Place {
  readonly executor: Executor;
  /** Trials at once. */
  readonly jobs: number;
  readonly gpus: GpuShare | null;
}

interface PlaceOptions extends ScheduleOptions, ExecutorOptions {
  readonly set: readonly string[];
  readonly json: boolean;
  /** Where relative paths of the data start. */
  readonly workingDirectory: string;
}

/**
 * Where a run that is there already goes on: where it was, unless the command line says otherwise. Null where the user
 * ended the waiting for a compute node's answer.
 */
export async function placeOf(
  folder: RunFolder,
  options: PlaceOptions,
  context: CommandContext,
): Promise<Place | null> {
  const choice = await choiceOfRun(folder, options);
  await useTensorflowOf(folder, { here: choice.name === 'local' });
  if (choice.name === 'local') {
    const schedule: ScheduleOptions = choice.jobs === undefined ? options : { ...options, jobs: choice.jobs };
    const { trials } = await folder.readPlan();
    const before = (await folder.readInfo()).gpus ?? {};
    const { jobs, gpus } = await placesOf({ options: schedule, before, onGpu: false, trials });
    return { executor: localExecutor(localOptionsOf({ ...schedule, jobs })), jobs, gpus };
  }
  const { json, detach = false, workingDirectory } = options;
  if (!(await moveToCluster(folder, choice, { workingDirectory, json, context }))) return null;
  const executor = await clusterExecutor({ folder, detach, json, workingDirectory }, context);
  return { executor, jobs: choice.settings.max_parallel ?? (await folder.readPlan()).trials.length, gpus: null };
}
