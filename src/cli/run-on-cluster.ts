import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { EngineError, RunError } from '../errors.js';
import { readExecutorSettings } from '../pipeline/executor-settings.js';
import type { Pipeline } from '../pipeline/pipeline-types.js';
import { RefusedPlanError } from '../plan/create-plan.js';
import type { Executor } from '../run/executors/executor.js';
import { requireSlurm } from '../run/executors/slurm/cluster.js';
import { slurmExecutor } from '../run/executors/slurm/slurm-executor.js';
import { readSlurmRecord, type SlurmRecord, writeSlurmRecord } from '../run/executors/slurm/slurm-folder.js';
import type { RunFolder } from '../run/run-folder.js';
import { distinctEngines } from './choose-engines.js';
import { expectedSeconds, prepareCluster } from './cluster-preparation.js';
import type { CommandContext } from './command.js';
import { chooseExecutor, type ExecutorChoice, type ExecutorOptions } from './executor-choice.js';
import type { ScheduleOptions } from './schedule-options.js';
import { showDataPreparation } from './show-data-preparation.js';
import { useTensorflowOf } from './tensorflow-of-run.js';
import { userExecutor } from './user-settings.js';

export interface ClusterRun {
  readonly folder: RunFolder;
  readonly detach?: boolean;
  readonly onlyFollow?: boolean;
  readonly json: boolean;
  /** Where relative paths of the data start, if not where the run began. */
  readonly workingDirectory?: string;
}

/** The executor of a run whose settings are in its folder. */
export async function clusterExecutor(run: ClusterRun, context: CommandContext): Promise<Executor> {
  const { folder, detach = false, onlyFollow = false, json } = run;
  const record = await readSlurmRecord(folder);
  if (record === null) {
    throw new RunError(`expected ${folder.path}/slurm/settings.json, found none`, { code: 'RUN_DAMAGED' });
  }
  await useTensorflowOf(folder, { here: false });
  const seconds = await expectedSeconds(dirname(folder.path), record.cost_per_second);
  return slurmExecutor({
    settings: record.settings,
    cache: record.cache,
    seconds,
    detach,
    onlyFollow,
    prepare: async () => {
      const workingDirectory = run.workingDirectory ?? (await folder.readInfo()).working_directory;
      await showDataPreparation(await folder.readPlan(), { locate: null, workingDirectory, json }, context);
    },
  });
}

/** How a run that is there already goes on: as it did, unless the command line says otherwise. */
export async function choiceOfRun(
  folder: RunFolder,
  options: ExecutorOptions & ScheduleOptions & { readonly set?: readonly string[] },
): Promise<ExecutorChoice> {
  const record = await readSlurmRecord(folder);
  const last = (await folder.readJournal()).findLast((event) => event.event === 'run-started');
  const file = record === null ? 'executor settings' : `${folder.path}/slurm/settings.json`;
  const before: Pipeline['executor'] = record === null ? (last?.executor ?? 'local') : { slurm: withoutNull(record) };
  const { executor, diagnostics } = readExecutorSettings(file, stringify({ executor: before }), options.set);
  if (diagnostics.length > 0) throw new RefusedPlanError(file, diagnostics);
  const name = options.executor ?? last?.executor ?? 'local';
  return chooseExecutor({ ...options, executor: name }, executor, record === null ? userExecutor() : undefined);
}

function withoutNull({ settings }: SlurmRecord) {
  return { ...settings, setup: [...settings.setup] };
}

/**
 * Makes sure that a run can go on on the cluster with these settings and keeps them. A run that was never there is
 * probed first. Gives false where the user ended the waiting.
 */
export async function moveToCluster(
  folder: RunFolder,
  choice: Extract<ExecutorChoice, { readonly name: 'slurm' }>,
  {
    workingDirectory,
    json,
    context,
  }: { readonly workingDirectory: string; readonly json: boolean; readonly context: CommandContext },
): Promise<boolean> {
  await requireSlurm();
  const { settings } = choice;
  const record = await readSlurmRecord(folder);
  if (record !== null) {
    await writeSlurmRecord(folder, { ...record, settings });
    return true;
  }
  const plan = await folder.readPlan();
  const cluster = { settings, runsFolder: dirname(folder.path), workingDirectory, json };
  const prepared = await prepareCluster(plan, cluster, context);
  if (prepared === null) return false;
  for (const [n, engine] of distinctEngines(plan).entries()) {
    const { engine: there } = prepared.engines[n]!;
    if (there.name === engine.name && there.variant === engine.variant) continue;
    throw new EngineError(
      `the run uses ${engine.name} ${engine.variant ?? ''}, the compute node has ${there.name} ${there.variant ?? ''}`,
      {
        code: 'SLURM_ENGINE',
        hint: 'executor.slurm.constraint chooses nodes; a run keeps its engine, so that all of its results are comparable',
      },
    );
  }
  const { cache, cost_per_second } = prepared;
  await writeSlurmRecord(folder, { schema: 1, settings, cache, cost_per_second });
  return true;
}
