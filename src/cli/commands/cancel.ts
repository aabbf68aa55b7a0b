import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { RunError } from '../../errors.js';
import { sendRequest } from '../../run/control.js';
import { lockHolder } from '../../run/lock.js';
import { openRun } from '../../run/open-run.js';
import { endOrphans } from '../../run/orphans.js';
import type { RunFolder } from '../../run/run-folder.js';
import { journalState } from '../../run/run-status.js';
import type { CommandContext } from '../command.js';
import { findTrial } from '../find-trial.js';
import { runsOption } from '../run-options.js';
import { FATES } from '../terminal/tally-text.js';

interface CancelOptions {
  readonly run: string;
  readonly runs: string;
}

const LOOK_MS = 200;

/** `sweep cancel [RUN|TRIAL]`: stops a run, or one trial of it, wherever it was started. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[what]', 'a run (folder, id or latest), or a trial of the run that --run names', 'latest')
    .option('--run <run>', 'the run of the trial', 'latest')
    .addOption(runsOption())
    .action(async (what: string, { run, runs }: CancelOptions) => {
      const trial = await trialOf(what, run, runs);
      if (trial === null) await cancelRun(await openRun(what, runs), context);
      else await cancelTrial(trial.folder, trial.id, context);
    });
}

/** The trial that is meant; null where it is a run. */
async function trialOf(
  what: string,
  run: string,
  runs: string,
): Promise<{ readonly folder: RunFolder; readonly id: string } | null> {
  try {
    await openRun(what, runs);
    return null;
  } catch (error) {
    if (!(error instanceof RunError) || error.code !== 'RUN_MISSING') throw error;
  }
  const folder = await openRun(run, runs);
  const { trials } = await folder.readPlan();
  return { folder, id: findTrial(what, trials, folder.id).id };
}

/** As Ctrl-C does where the run was started: the running trials keep a checkpoint and stop. */
async function cancelRun(folder: RunFolder, { stdout }: CommandContext): Promise<void> {
  if ((await lockHolder(folder.path)) === null) {
    await endOrphans(folder);
    stdout.write(`${folder.id} is not running.\n`);
    return;
  }
  await sendRequest(folder, { ask: 'cancel-run' });
  while ((await lockHolder(folder.path)) !== null) await pause(LOOK_MS);
  stdout.write(`${folder.id} is cancelled. Go on with: sweep resume ${folder.id}\n`);
}

async function cancelTrial(folder: RunFolder, id: string, { stdout, exit }: CommandContext): Promise<void> {
  const ended = async () => journalState(await folder.readJournal()).finished.get(id);
  const before = await ended();
  if (before !== undefined && before.state !== 'cancelled') {
    stdout.write(`${id} has ended: ${FATES[before.state]}.\n`);
    return;
  }
  if ((await lockHolder(folder.path)) === null) {
    stdout.write(`${folder.id} is not running.\n`);
    return;
  }
  await sendRequest(folder, { ask: 'cancel-trial', trial: id });
  for (let after = await ended(); ; after = await ended()) {
    if (after !== undefined) {
      stdout.write(`${id} ${after.state === 'cancelled' ? 'is cancelled' : `has ended: ${FATES[after.state]}`}.\n`);
      return;
    }
    if ((await lockHolder(folder.path)) === null) return exit(1);
    await pause(LOOK_MS);
  }
}
