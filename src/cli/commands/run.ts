import { join } from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import type { PipelineFile } from '../../pipeline/read-pipeline.js';
import { planPipeline, RefusedPlanError } from '../../plan/create-plan.js';
import { freezePlan } from '../../plan/freeze-plan.js';
import { locateInArm } from '../../plan/locate-in-arm.js';
import type { Plan } from '../../plan/plan.js';
import { smokePlan } from '../../plan/smoke-plan.js';
import { createRun } from '../../run/create-run.js';
import { takeEarlierResults } from '../../run/earlier-results.js';
import type { Executor } from '../../run/executors/executor.js';
import { localExecutor } from '../../run/executors/local.js';
import { requireSlurm } from '../../run/executors/slurm/cluster.js';
import type { SlurmSettings } from '../../run/executors/slurm/settings.js';
import { writeSlurmRecord } from '../../run/executors/slurm/slurm-folder.js';
import { provenance } from '../../run/provenance.js';
import { chooseEngines, distinctEngines, type SettledPlan, settledPlan } from '../choose-engines.js';
import { prepareCluster } from '../cluster-preparation.js';
import type { CommandContext } from '../command.js';
import { diagnosticsText } from '../error-text.js';
import { addExecutorOptions, chooseExecutor, type ExecutorChoice, type ExecutorOptions } from '../executor-choice.js';
import { type Places, placesOf } from '../gpu-options.js';
import { readPipelineFile, repeatable } from '../pipeline-file.js';
import { clusterExecutor } from '../run-on-cluster.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { addScheduleOptions, localOptionsOf, policyOf, type ScheduleOptions } from '../schedule-options.js';
import { showDataPreparation } from '../show-data-preparation.js';
import { userExecutor } from '../user-settings.js';

export interface RunOptions extends ScheduleOptions, ExecutorOptions {
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
  addExecutorOptions(addScheduleOptions(command.argument('<file>', 'a pipeline file')))
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
    // Before what is set, so that it may say more of it: `--engine wasm --set engine.variant=simd128`.
    ...(options.engine === undefined ? [] : [`engine=${options.engine}`]),
    ...options.set,
    ...(options.timeout === undefined ? [] : [`train.timeout=${options.timeout}s`]),
  ];
  const file = readPipelineFile(path, overrides);
  const whole = planned(file, options, context);
  const wanted = options.smoke === true ? smokePlan(whole) : whole;
  const choice = chooseExecutor(options, file.pipeline?.executor, userExecutor());
  const place = { runs, workingDirectory, json };
  const settled =
    choice.name === 'local'
      ? await settledHere(wanted, options, choice)
      : await settledThere(wanted, choice.settings, { ...place, context });
  if (settled === null) return context.exit(130);
  const { jobs, gpus, request, prepared } = settled;
  for (const warning of json ? [] : settled.warnings) context.stderr.write(`warning: ${warning}\n`);
  // Before the data, which may take long.
  const here = choice.name === 'local' ? executor({ ...options, jobs }) : null;
  const inputs = await showDataPreparation(
    settled.plan,
    { locate: (paths, arm) => locateInArm(file, arm, paths), workingDirectory, json },
    context,
  );
  const plan = freezePlan(settled.plan, { inputs });
  const info = {
    command: ['sweep', ...process.argv.slice(2)],
    jobs,
    ...(request === null ? {} : { gpus: request }),
    ...(settled.tensorflowFolder === null ? {} : { tensorflow_folder: settled.tensorflowFolder }),
    working_directory: workingDirectory,
    ...(await provenance(workingDirectory)),
  };
  const folder = await createRun({ runsFolder: runs, plan, pipeline: file.text, info });
  if (file.composed !== null) await folder.writeComposed(stringify(file.composed));
  if (options.reuse !== false) await takeEarlierResults(folder, plan, runs);
  if (choice.name === 'slurm') await writeSlurmRecord(folder, { schema: 1, settings: choice.settings, ...prepared! });
  const trialsRunOn = here ?? (await clusterExecutor({ folder, detach: options.detach === true, json }, context));
  await runSession({ folder, jobs, json, report, executor: trialsRunOn, policy: { ...policy, gpus } }, context);
}

/** The plan with its engines settled, and where its trials run. */
interface Settled extends SettledPlan, Places {
  readonly prepared: { readonly cache: string; readonly cost_per_second: number | null } | null;
}

async function settledHere(
  plan: Plan,
  options: RunOptions,
  { jobs, trials_per_gpu }: Extract<ExecutorChoice, { readonly name: 'local' }>,
): Promise<Settled> {
  const schedule: ScheduleOptions = jobs === undefined ? options : { ...options, jobs };
  const before = trials_per_gpu === undefined ? {} : { trials_per_gpu };
  const settled = await chooseEngines(plan, { gpu: options.gpus !== undefined });
  const places = await placesOf({ options: schedule, before, onGpu: settled.onGpu, trials: settled.plan.trials });
  const unused = trials_per_gpu !== undefined && places.gpus === null;
  const more = unused ? ['executor.local.trials_per_gpu has no effect: no trial runs on a GPU'] : [];
  return { ...settled, ...places, warnings: [...settled.warnings, ...more], prepared: null };
}

/** As a compute node says; null where the user ended the waiting for it. */
async function settledThere(
  plan: Plan,
  settings: SlurmSettings,
  where: {
    readonly runs: string;
    readonly workingDirectory: string;
    readonly json: boolean;
    readonly context: CommandContext;
  },
): Promise<Settled | null> {
  const { runs: runsFolder, workingDirectory, json, context } = where;
  await requireSlurm();
  const answer = await prepareCluster(plan, { settings, runsFolder, workingDirectory, json }, context);
  if (answer === null) return null;
  const { engines, ...prepared } = answer;
  const jobs = settings.max_parallel ?? plan.trials.length;
  return { ...settledPlan(plan, distinctEngines(plan), engines), jobs, gpus: null, request: null, prepared };
}

/** The plan of a pipeline with its settings; what has no effect is told as a warning. */
function planned(file: PipelineFile, { json, yes }: RunOptions, { stderr }: CommandContext): Plan {
  const { plan, diagnostics } = planPipeline(file, { large: yes === true });
  if (plan === null) throw new RefusedPlanError(file.file, diagnostics);
  if (diagnostics.length > 0 && !json) stderr.write(`${diagnosticsText(diagnostics, { stream: stderr })}\n`);
  return plan;
}
