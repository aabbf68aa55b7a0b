import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { RunFolder } from '../../run-folder.js';
import type { Work } from '../executor.js';
import { batchScript, submitArguments } from './batch-script.js';
import type { Cluster, Submitted } from './cluster.js';
import type { OpenTrial } from './open-trial.js';
import { jobEnvironment, TASK_SCRIPT } from './probe-cluster.js';
import type { SlurmSettings } from './settings.js';
import { revokeArray, writeArray } from './slurm-folder.js';
import { arrayName, type ClusterTask, clusterTask } from './task-list.js';
import { storyPaths } from './trial-story.js';

export interface ArraySubmission {
  readonly work: Work;
  readonly cluster: Cluster;
  readonly settings: SlurmSettings;
  readonly cache: string;
  /** The array's number in the run, from 1. */
  readonly array: number;
  /** The trials of each task. */
  readonly tasks: readonly (readonly OpenTrial[])[];
  /** The job to wait for. */
  readonly after: string | null;
}

export type ArrayAnswer =
  | { readonly job: string; readonly tasks: readonly ClusterTask[] }
  | Extract<Submitted, { readonly refused: unknown }>;

/** Makes the folders of an array's trials ready, writes its orders and its script, and submits it. */
export async function submitArray(submission: ArraySubmission): Promise<ArrayAnswer> {
  const { work, cluster, settings, array, tasks, after } = submission;
  const { folder } = work;
  await prepareTrials(work, tasks.flat());
  const root = await realpath(folder.path);
  const orders = tasks.map((trials) => trials.map(({ trial }) => trial.id));
  const record = { schema: 1, array, tasks: orders, max_requeues: settings.max_requeues } as const;
  await writeArray(folder, record, arrayScript(submission, root));
  const args = submitArguments({
    settings,
    name: arrayName(folder, array),
    script: `${root}/slurm/array-${array}.sh`,
    logs: `${root}/slurm/logs`,
    tasks: tasks.length,
    after,
  });
  const answer = await cluster.submit(args);
  const job =
    'job' in answer ? answer.job : answer.refused === 'unclear' ? await submittedAs(cluster, folder, array) : null;
  if (job === null) {
    await revokeArray(folder, array);
    return answer as Extract<Submitted, { readonly refused: unknown }>;
  }
  return { job, tasks: tasks.map((trials, index) => clusterTask(array, job, index, { trials })) };
}

function arrayScript({ work, settings, cache, array }: ArraySubmission, root: string): string {
  return batchScript({
    title: `Written by sweepline: tasks of job array ${array} of the run ${work.folder.id.replaceAll('\n', ' ')}.`,
    workingDirectory: work.workingDirectory,
    node: process.execPath,
    command: [TASK_SCRIPT, 'run', root, String(array)],
    environment: jobEnvironment(cache),
    setup: settings.setup,
  });
}

/** The job that nobody confirmed, if it was taken all the same. */
async function submittedAs(cluster: Cluster, folder: RunFolder, array: number): Promise<string | null> {
  return (await cluster.named(arrayName(folder, array)))?.[0] ?? null;
}

async function prepareTrials({ folder, workingDirectory, policy }: Work, trials: readonly OpenTrial[]): Promise<void> {
  const atOnce = pLimit(16);
  const { checkpointSeconds } = policy;
  await Promise.all(
    trials.map(({ trial }) =>
      atOnce(async () => {
        await folder.prepareTrial({
          schema: 1,
          trial,
          working_directory: workingDirectory,
          ...(checkpointSeconds === null ? {} : { checkpoint_seconds: checkpointSeconds }),
        });
        const { cancel } = storyPaths(folder, trial.id);
        // Of most there is none.
        if (existsSync(cancel)) await rm(cancel, { force: true });
      }),
    ),
  );
}
