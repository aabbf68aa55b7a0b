import type { Command } from 'commander';
import { RunError } from '../../errors.js';
import { inGroups } from '../../in-groups.js';
import type { Trial } from '../../plan/plan.js';
import { openRun } from '../../run/open-run.js';
import type { RunFolder } from '../../run/run-folder.js';
import { checkInputs } from '../check-inputs.js';
import type { CommandContext } from '../command.js';
import { addExecutorOptions, type ExecutorOptions } from '../executor-choice.js';
import { findTrial } from '../find-trial.js';
import { repeatable } from '../pipeline-file.js';
import { placeOf } from '../place-of-run.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { addScheduleOptions, policyOf, type ScheduleOptions } from '../schedule-options.js';

interface RetryOptions extends ScheduleOptions, ExecutorOptions {
  readonly set: readonly string[];
  readonly failed?: boolean;
  readonly trial: readonly string[];
  readonly runs: string;
  readonly json: boolean;
  readonly report: boolean;
}

/** `sweep retry`: runs trials of a run again that ended otherwise than complete, or those that are named. */
export function configure(command: Command, context: CommandContext): void {
  addExecutorOptions(
    addScheduleOptions(
      command.argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest'),
    ),
  )
    .option('--set <path=value>', 'change a setting of executor; repeatable', repeatable, [])
    .option('--failed', 'every trial that did not complete (the default)')
    .option('--trial <id>', 'this trial, whatever its fate; repeatable', repeatable, [])
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .option('--no-report', 'do not write and print the report at the end')
    .action((run: string, options: RetryOptions) => retryRun(run, options, context));
}

async function retryRun(run: string, options: RetryOptions, context: CommandContext): Promise<void> {
  const policy = policyOf(options);
  const folder = await openRun(run, options.runs);
  const { trials } = await folder.readPlan();
  const named = options.trial.map((id) => findTrial(id, trials, folder.id).id);
  const failed = named.length === 0 || options.failed === true ? await notComplete(folder, trials) : [];
  const again = new Set([...named, ...failed]);
  if (again.size === 0) {
    throw new RunError(`expected trials to retry, found every trial of ${folder.id} complete`, {
      code: 'RETRY_NOTHING',
      hint: 'name one with --trial ID to run it again',
    });
  }
  const { timeout, json, report } = options;
  const limit = timeout === undefined ? {} : { timeout };
  const onlyAgain = failed.length === 0;
  const workingDirectory = await checkInputs(folder, { json, again, onlyAgain }, context);
  const place = await placeOf(folder, { ...options, workingDirectory }, context);
  if (place === null) return context.exit(130);
  const { executor, jobs, gpus } = place;
  const session = { folder, executor, jobs, json, report, policy: { ...policy, gpus }, again, onlyAgain };
  await runSession({ ...session, workingDirectory, ...limit }, context);
}

async function notComplete(folder: RunFolder, trials: readonly Trial[]): Promise<readonly string[]> {
  const results = await inGroups(trials, (trial) => folder.readResult(trial));
  return trials.flatMap(({ id }, n) => (results[n]?.state === 'complete' ? [] : [id]));
}
