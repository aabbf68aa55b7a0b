import type { Command } from 'commander';
import { localExecutor } from '../../run/executors/local.js';
import { openRun } from '../../run/open-run.js';
import type { CommandContext } from '../command.js';
import { defaultJobs, jobsOption, runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';

interface ResumeOptions {
  readonly jobs?: number;
  readonly runs: string;
  readonly json: boolean;
  readonly report: boolean;
}

/** `sweep resume`: goes on with a run; trials that have ended for good are not repeated. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest')
    .addOption(jobsOption())
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .option('--no-report', 'do not write and print the report at the end')
    .action((run: string, options: ResumeOptions) => resumeRun(run, options, context));
}

async function resumeRun(run: string, options: ResumeOptions, context: CommandContext): Promise<void> {
  const folder = await openRun(run, options.runs);
  const { jobs = defaultJobs(), json, report } = options;
  await runSession({ folder, jobs, json, report, executor: localExecutor() }, context);
}
