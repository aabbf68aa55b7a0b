import type { Command } from 'commander';
import { openRun } from '../../run/open-run.js';
import { checkInputs } from '../check-inputs.js';
import type { CommandContext } from '../command.js';
import { addExecutorOptions, type ExecutorOptions } from '../executor-choice.js';
import { repeatable } from '../pipeline-file.js';
import { placeOf } from '../place-of-run.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { addScheduleOptions, policyOf, type ScheduleOptions } from '../schedule-options.js';

interface ResumeOptions extends ScheduleOptions, ExecutorOptions {
  readonly set: readonly string[];
  readonly runs: string;
  readonly json: boolean;
  readonly report: boolean;
}

/** `sweep resume`: goes on with a run; trials that have ended for good are not repeated. */
export function configure(command: Command, context: CommandContext): void {
  addExecutorOptions(
    addScheduleOptions(
      command.argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest'),
    ),
  )
    .option('--set <path=value>', 'change a setting of executor; repeatable', repeatable, [])
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .option('--no-report', 'do not write and print the report at the end')
    .action((run: string, options: ResumeOptions) => resumeRun(run, options, context));
}

async function resumeRun(run: string, options: ResumeOptions, context: CommandContext): Promise<void> {
  const policy = policyOf(options);
  const folder = await openRun(run, options.runs);
  const { timeout, json, report } = options;
  const limit = timeout === undefined ? {} : { timeout };
  const workingDirectory = await checkInputs(folder, { json }, context);
  const place = await placeOf(folder, { ...options, workingDirectory }, context);
  if (place === null) return context.exit(130);
  const { executor, jobs, gpus } = place;
  const session = { folder, executor, jobs, json, report, policy: { ...policy, gpus }, workingDirectory };
  await runSession({ ...session, ...limit }, context);
}
