import type { Command } from 'commander';
import { localExecutor } from '../../run/executors/local.js';
import { openRun } from '../../run/open-run.js';
import type { CommandContext } from '../command.js';
import { placesOf } from '../gpu-options.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { addScheduleOptions, localOptionsOf, policyOf, type ScheduleOptions } from '../schedule-options.js';

interface ResumeOptions extends ScheduleOptions {
  readonly runs: string;
  readonly json: boolean;
  readonly report: boolean;
}

/** `sweep resume`: goes on with a run; trials that have ended for good are not repeated. */
export function configure(command: Command, context: CommandContext): void {
  addScheduleOptions(command.argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest'))
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .option('--no-report', 'do not write and print the report at the end')
    .action((run: string, options: ResumeOptions) => resumeRun(run, options, context));
}

async function resumeRun(run: string, options: ResumeOptions, context: CommandContext): Promise<void> {
  const policy = policyOf(options);
  const folder = await openRun(run, options.runs);
  const { timeout, json, report } = options;
  const { trials } = await folder.readPlan();
  const before = (await folder.readInfo()).gpus ?? {};
  const { jobs, gpus } = await placesOf({ options, before, onGpu: false, trials });
  const executor = localExecutor(localOptionsOf({ ...options, jobs }));
  const limit = timeout === undefined ? {} : { timeout };
  await runSession({ folder, jobs, json, report, executor, policy: { ...policy, gpus }, ...limit }, context);
}
