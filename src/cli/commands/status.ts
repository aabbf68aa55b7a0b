import type { Command } from 'commander';
import { openRun } from '../../run/open-run.js';
import { type RunStatus, readStatus } from '../../run/run-status.js';
import type { CommandContext } from '../command.js';
import { nearPath } from '../near-path.js';
import { runsOption } from '../run-options.js';
import { oneLine } from '../terminal/display-width.js';
import { duration, figure } from '../terminal/figures.js';
import { tallyText } from '../terminal/tally-text.js';

interface StatusOptions {
  readonly runs: string;
  readonly json: boolean;
}

/** `sweep status`: how a run stands, whoever runs it. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[run]', 'a run folder, a run id or the beginning of one, or latest', 'latest')
    .addOption(runsOption())
    .option('--json', 'print it as JSON', false)
    .action(async (run: string, { runs, json }: StatusOptions) => {
      const status = await readStatus(await openRun(run, runs));
      context.stdout.write(json ? `${JSON.stringify(status, null, 2)}\n` : `${statusText(status)}\n`);
    });
}

function statusText(status: RunStatus): string {
  const { process: holder, best } = status;
  const by = holder === null ? '' : ` by process ${holder.pid} on ${holder.host}`;
  return [
    `run ${status.run}: ${status.state}${by}`,
    `  ${tallyText(status.tally)} of ${status.trials}`,
    ...(best === null ? [] : [`  best ${best.metric} ${figure(best.value)} (${best.trial})`]),
    ...(status.cluster === null ? [] : [clusterLine(status.cluster)]),
    ...status.running.map(({ trial, epoch, epochs, eta_seconds }) => {
      const where = epoch === null ? 'starting' : `epoch ${epoch}/${epochs}, ETA ${duration(eta_seconds)}`;
      return `  ${trial} ${where}`;
    }),
    ...status.failures.flatMap(({ trial, state, error, log }) => [
      `  ✗ ${trial} ${state.replace('_', ' ')}: ${oneLine(error.split('\n')[0]!)}`,
      `      log: ${log}`,
    ]),
    ...(status.state === 'detached' ? [`Follow it with: sweep watch ${nearPath(status.folder)}`] : []),
    ...(status.state === 'stopped' || status.state === 'interrupted'
      ? [`Go on with: sweep resume ${nearPath(status.folder)}`]
      : []),
  ].join('\n');
}

function clusterLine({ running, waiting, reasons }: NonNullable<RunStatus['cluster']>): string {
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return `  on Slurm: ${running} running, ${waiting} waiting${waiting === 0 ? '' : why}`;
}
