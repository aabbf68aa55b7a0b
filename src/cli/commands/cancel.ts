import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { RunError } from '../../errors.js';
import { sendRequest } from '../../run/control.js';
import { isOnCluster } from '../../run/executors/slurm/is-on-cluster.js';
import { askTask } from '../../run/executors/slurm/trial-story.js';
import { lockHolder } from '../../run/lock.js';
import { openRun } from '../../run/open-run.js';
import { endOrphans } from '../../run/orphans.js';
import type { RunFolder } from '../../run/run-folder.js';
import { journalState } from '../../run/run-status.js';
import type { CommandContext } from '../command.js';
import { findTrial } from '../find-trial.js';
import { nearPath } from '../near-path.js';
import { clusterExecutor } from '../run-on-cluster.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
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
async function cancelRun(folder: RunFolder, context: CommandContext): Promise<void> {
  const { stdout } = context;
  if ((await lockHolder(folder.path)) === null) {
    if (await isOnCluster(folder)) return cancelOnCluster(folder, context);
    await endOrphans(folder);
    stdout.write(`${folder.id} is not running.\n`);
    return;
  }
  await sendRequest(folder, { ask: 'cancel-run' });
  while ((await lockHolder(folder.path)) !== null) await pause(LOOK_MS);
  stdout.write(`${folder.id} is cancelled. Go on with: sweep resume ${nearPath(folder.path)}\n`);
}

/** Takes the run up to end its jobs: what they leave is recorded, as if nobody had left them. */
async function cancelOnCluster(folder: RunFolder, context: CommandContext): Promise<void> {
  const executor = await clusterExecutor({ folder, json: false, onlyFollow: true }, context);
  const jobs = (await folder.readPlan()).trials.length;
  const quiet = { ...context, exit: () => undefined };
  await runSession({ folder, jobs, json: false, report: false, executor, stop: true }, quiet);
}

async function cancelTrial(folder: RunFolder, id: string, { stdout, exit }: CommandContext): Promise<void> {
  const ended = async () => journalState(await folder.readJournal()).finished.get(id);
  const before = await ended();
  if (before !== undefined && before.state !== 'cancelled') {
    stdout.write(`${id} has ended: ${FATES[before.state]}.\n`);
    return;
  }
  if ((await lockHolder(folder.path)) === null) {
    if (!(await isOnCluster(folder))) return void stdout.write(`${folder.id} is not running.\n`);
    // The task that has it looks for this request every other second.
    await askTask(folder, id);
    return void stdout.write(`The task of ${id} is asked to stop it.\n`);
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
