import { join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { locate, type PipelineFile } from '../../pipeline/read-pipeline.js';
import { planPipeline, RefusedPlanError } from '../../plan/create-plan.js';
import { freezePlan } from '../../plan/freeze-plan.js';
import type { Plan, Trial } from '../../plan/plan.js';
import { smokePlan } from '../../plan/smoke-plan.js';
import type { InputDigests } from '../../plan/trial-hash.js';
import { createRun } from '../../run/create-run.js';
import { takeEarlierResults } from '../../run/earlier-results.js';
import type { Executor } from '../../run/executors/executor.js';
import { localExecutor } from '../../run/executors/local.js';
import type { GpuRequest } from '../../run/gpus.js';
import { provenance } from '../../run/provenance.js';
import { chooseEngines } from '../choose-engines.js';
import type { CommandContext } from '../command.js';
import { diagnosticsText } from '../error-text.js';
import { placesOf } from '../gpu-options.js';
import { readPipelineFile, repeatable } from '../pipeline-file.js';
import { prepareData } from '../prepare-data.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { addScheduleOptions, localOptionsOf, policyOf, type ScheduleOptions } from '../schedule-options.js';
import { dataView } from '../terminal/data-view.js';

export interface RunOptions extends ScheduleOptions {
  /** `path=value` settings, in order. */
  readonly set: readonly string[];
  readonly engine?: string;
  readonly runs: string;
  readonly json: boolean;
  readonly report: boolean;
  /** Allow more trials than `sweep.max_trials`. */
  readonly yes?: boolean;
  /** Every arm, one seed, a few batches. */
  readonly smoke?: boolean;
  /** Take finished trials with the same hash from earlier runs. */
  readonly reuse?: boolean;
}

/** `sweep run`: plans a pipeline, runs its trials and reports. */
export function configure(command: Command, context: CommandContext): void {
  addScheduleOptions(command.argument('<file>', 'a pipeline file'))
    .option('--set <path=value>', 'change a key for this run; repeatable', repeatable, [])
    .option('--engine <name>', 'the engine to run on: the same as --set engine=<name>')
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .option('--no-report', 'do not write and print the report at the end')
    .option('--smoke', 'show in seconds that every arm can run: one seed, a few batches, in <runs>/smoke', false)
    .option('--yes', 'allow more trials than sweep.max_trials')
    .option('--no-reuse', 'run trials that an earlier run has finished, too')
    .action((file: string, options: RunOptions) => runPipeline(file, options, context));
}

/** Everything that `sweep run` does; `executor` is where the trials run, child processes by default. */
export async function runPipeline(
  path: string,
  options: RunOptions,
  context: CommandContext,
  executor: (schedule: ScheduleOptions) => Executor = (schedule) => localExecutor(localOptionsOf(schedule)),
): Promise<void> {
  const { json, report } = options;
  // Apart, so that no report takes them for results.
  const runs = options.smoke === true ? join(options.runs, 'smoke') : options.runs;
  const policy = policyOf(options);
  const workingDirectory = process.cwd();
  const overrides = [
    ...options.set,
    ...(options.engine === undefined ? [] : [`engine=${options.engine}`]),
    ...(options.timeout === undefined ? [] : [`train.timeout=${options.timeout}s`]),
  ];
  const file = readPipelineFile(path, overrides);
  const schedule = { ...options, ...jobsIn(file, options) };
  const whole = planned(file, options, context);
  const wanted = options.smoke === true ? smokePlan(whole) : whole;
  const { plan: settled, onGpu, warnings } = await chooseEngines(wanted, { gpu: options.gpus !== undefined });
  const before = trialsPerGpuIn(file);
  const { jobs, gpus, request } = await placesOf({ options: schedule, before, onGpu, trials: settled.trials });
  for (const warning of json ? [] : warnings) context.stderr.write(`warning: ${warning}\n`);
  if (before.trials_per_gpu !== undefined && gpus === null && !json) {
    context.stderr.write('warning: executor.local.trials_per_gpu has no effect: no trial runs on a GPU\n');
  }
  // Before the data, which may take long.
  const trialsRunOn = executor({ ...schedule, jobs });
  const inputs = await showDataPreparation(settled, { file, workingDirectory, json }, context);
  const plan = freezePlan(settled, { inputs });
  const info = {
    command: ['sweep', ...process.argv.slice(2)],
    jobs,
    ...(request === null ? {} : { gpus: request }),
    working_directory: workingDirectory,
    ...(await provenance(workingDirectory)),
  };
  const folder = await createRun({ runsFolder: runs, plan, pipeline: file.text, info });
  if (file.composed !== null) await folder.writeComposed(stringify(file.composed));
  if (options.reuse !== false) await takeEarlierResults(folder, plan, runs);
  await runSession({ folder, jobs, json, report, executor: trialsRunOn, policy: { ...policy, gpus } }, context);
}

/** The command line goes before the pipeline's `executor`. */
function jobsIn({ pipeline }: PipelineFile, { jobs }: RunOptions): Pick<ScheduleOptions, 'jobs'> {
  const executor = pipeline?.executor;
  const wanted = jobs ?? (typeof executor === 'object' && 'local' in executor ? executor.local?.jobs : undefined);
  return wanted === undefined ? {} : { jobs: wanted };
}

function trialsPerGpuIn({ pipeline }: PipelineFile): Pick<Partial<GpuRequest>, 'trials_per_gpu'> {
  const executor = pipeline?.executor;
  const wanted = typeof executor === 'object' && 'local' in executor ? executor.local?.trials_per_gpu : undefined;
  return wanted === undefined ? {} : { trials_per_gpu: wanted };
}

/** The plan of a pipeline with its settings; what has no effect is told as a warning. */
function planned(file: PipelineFile, { json, yes }: RunOptions, { stderr }: CommandContext): Plan {
  const { plan, diagnostics } = planPipeline(file, { large: yes === true });
  if (plan === null) throw new RefusedPlanError(file.file, diagnostics);
  if (diagnostics.length > 0 && !json) stderr.write(`${diagnosticsText(diagnostics, { stream: stderr })}\n`);
  return plan;
}

async function showDataPreparation(
  plan: Plan,
  {
    file,
    workingDirectory,
    json,
  }: { readonly file: PipelineFile; readonly workingDirectory: string; readonly json: boolean },
  context: CommandContext,
): Promise<(trial: Trial) => InputDigests | undefined> {
  const view = dataView(context, { json });
  try {
    return await prepareData(plan, {
      workingDirectory,
      locate: (path) => locate(file, path),
      onProgress: view.progress,
      onWarning: view.warning,
    });
  } finally {
    view.close();
  }
}
