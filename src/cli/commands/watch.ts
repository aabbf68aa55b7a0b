import type { Command } from 'commander';
import { isOnCluster } from '../../run/executors/slurm/is-on-cluster.js';
import { followRun } from '../../run/follow-run.js';
import { lockHolder } from '../../run/lock.js';
import { openRun } from '../../run/open-run.js';
import type { RunFolder } from '../../run/run-folder.js';
import type { CommandContext } from '../command.js';
import { nearPath } from '../near-path.js';
import { clusterExecutor } from '../run-on-cluster.js';
import { runsOption } from '../run-options.js';
import { runSession } from '../run-session.js';
import { runView } from '../terminal/run-view.js';

interface WatchOptions {
  readonly runs: string;
  readonly json: boolean;
}

/**
 * `sweep watch`: the view of a run that goes on elsewhere; Ctrl-C ends the watching, not the run. A run that was left to
 * a cluster has nobody who follows it: this process does, until Ctrl-C leaves it again.
 */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest')
    .addOption(runsOption())
    .option('--json', 'print one JSON event per line and nothing else', false)
    .action((run: string, options: WatchOptions) => watch(run, options, context));
}

async function watch(run: string, { runs, json }: WatchOptions, context: CommandContext): Promise<void> {
  const folder = await openRun(run, runs);
  const running = (await lockHolder(folder.path)) !== null;
  if (!running && (await isOnCluster(folder))) return takeUp(folder, json, context);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.on('SIGINT', end);
  const view = runView(context, { json });
  try {
    const state = await followRun({ folder, signal: ending.signal, emit: (event) => view.show(event) });
    view.close();
    if (state === 'stopped' && !json) {
      context.stderr.write(
        `${running ? 'The process that ran it is gone' : 'Nobody runs it'}. Go on with: sweep resume ${nearPath(folder.path)}\n`,
      );
    }
    context.exit(state === 'complete' || state === null ? 0 : 1);
  } finally {
    view.close();
    process.off('SIGINT', end);
  }
}

async function takeUp(folder: RunFolder, json: boolean, context: CommandContext): Promise<void> {
  const executor = await clusterExecutor({ folder, json, onlyFollow: true }, context);
  const jobs = (await folder.readPlan()).trials.length;
  await runSession({ folder, jobs, json, report: true, executor, leaveOn: ['SIGINT', 'SIGTERM', 'SIGHUP'] }, context);
}
