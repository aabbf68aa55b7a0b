import { join } from 'node:path';
import type { Command } from 'commander';
import { markdownTable } from 'markdown-table';
import { folderSize } from '../../run/folder-size.js';
import { listRuns } from '../../run/open-run.js';
import { RunFolder } from '../../run/run-folder.js';
import { type RunStatus, readStatus } from '../../run/run-status.js';
import type { CommandContext } from '../command.js';
import { runsOption } from '../run-options.js';
import { byteCount, figure } from '../terminal/figures.js';

interface RunsOptions {
  readonly runs: string;
  readonly json: boolean;
}

interface ListedRun extends Pick<RunStatus, 'run' | 'name' | 'started' | 'trials' | 'tally' | 'best'> {
  /** `damaged`: its files cannot be read. */
  readonly state: RunStatus['state'] | 'damaged';
  readonly bytes: number;
}

/** `sweep runs`: every run with its state, best figure and size, oldest first. */
export function configure(command: Command, context: CommandContext): void {
  command
    .addOption(runsOption())
    .option('--json', 'print them as JSON', false)
    .action(async ({ runs, json }: RunsOptions) => {
      const listed: ListedRun[] = [];
      for (const id of await listRuns(runs)) listed.push(await listedRun(new RunFolder(join(runs, id))));
      if (json) context.stdout.write(`${JSON.stringify({ runs: listed }, null, 2)}\n`);
      else context.stdout.write(listed.length === 0 ? `There are no runs in ${runs}.\n` : `${runsTable(listed)}\n`);
    });
}

async function listedRun(folder: RunFolder): Promise<ListedRun> {
  const bytes = await folderSize(folder.path);
  try {
    const { run, name, started, state, trials, tally, best } = await readStatus(folder);
    return { run, name, started, state, trials, tally, best, bytes };
  } catch {
    const none = { complete: 0, failed: 0, diverged: 0, timed_out: 0, killed: 0, cancelled: 0, skipped: 0, pending: 0 };
    return { run: folder.id, name: '', started: '', state: 'damaged', trials: 0, tally: none, best: null, bytes };
  }
}

function runsTable(runs: readonly ListedRun[]): string {
  const rows = runs.map(({ run, state, trials, tally, best, bytes }) => [
    run,
    state,
    `${tally.complete}/${trials}`,
    best === null ? '–' : `${best.metric} ${figure(best.value)}`,
    byteCount(bytes),
  ]);
  return markdownTable([['run', 'state', 'complete', 'best', 'size'], ...rows], { align: ['l', 'l', 'r', 'l', 'r'] });
}
