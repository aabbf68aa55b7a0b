import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { RunError } from '../../errors.js';
import { growingFile } from '../../run/growing-file.js';
import { lockHolder } from '../../run/lock.js';
import { openRun } from '../../run/open-run.js';
import type { RunFolder } from '../../run/run-folder.js';
import { isFailure, journalState, runningTrials } from '../../run/run-status.js';
import type { CommandContext } from '../command.js';
import { findTrial } from '../find-trial.js';
import { runsOption } from '../run-options.js';

interface LogsOptions {
  readonly follow: boolean;
  readonly run: string;
  readonly runs: string;
}

const LOOK_MS = 300;

/** `sweep logs [TRIAL]`: what a trial's worker printed; by default of a trial that failed, else of one that runs. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[trial]', 'a trial id or the beginning of one')
    .option('-f, --follow', 'go on until the trial ends', false)
    .option('--run <run>', 'the run', 'latest')
    .addOption(runsOption())
    .action(async (trial: string | undefined, options: LogsOptions) => {
      const folder = await openRun(options.run, options.runs);
      const { trials } = await folder.readPlan();
      const id = trial === undefined ? await likelyTrial(folder) : findTrial(trial, trials, folder.id).id;
      await showLog(folder, id, options.follow, context);
    });
}

/** The last that failed, else the first that runs, else the last that ended. */
async function likelyTrial(folder: RunFolder): Promise<string> {
  const state = journalState(await folder.readJournal());
  const ended = [...state.finished.values()];
  const trial = ended.findLast((end) => isFailure(end.state)) ?? runningTrials(state)[0] ?? ended.at(-1);
  if (trial !== undefined) return trial.trial;
  throw new RunError(`expected a trial with a log, found none in ${folder.id}: no trial has started`, {
    code: 'LOG_MISSING',
  });
}

async function showLog(
  folder: RunFolder,
  id: string,
  follow: boolean,
  { stdout, stderr }: CommandContext,
): Promise<void> {
  const { log } = folder.trial(id);
  stderr.write(`${log}\n`);
  const file = growingFile(log);
  let shown = 0;
  for (;;) {
    // Asked before the log is read: what a worker says as it ends is heard.
    const running = follow && (await isRunning(folder, id));
    const bytes = await file.bytes();
    shown += bytes.length;
    stdout.write(bytes);
    if (!running) break;
    await pause(LOOK_MS);
  }
  if (shown === 0) stderr.write('The trial has printed nothing.\n');
}

async function isRunning(folder: RunFolder, id: string): Promise<boolean> {
  if ((await lockHolder(folder.path)) === null) return false;
  return journalState(await folder.readJournal()).started.has(id);
}
