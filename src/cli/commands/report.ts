import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { ReportError, RunError } from '../../errors.js';
import { loadRun } from '../../report/load/load-run.js';
import { renderJson } from '../../report/render-json.js';
import { summarise } from '../../report/summarise.js';
import { writeReport } from '../../report/write-report.js';
import { writeAtomically } from '../../run/atomic-file.js';
import { openRun } from '../../run/open-run.js';
import type { CommandContext } from '../command.js';

interface ReportOptions {
  readonly format: 'md' | 'json';
  readonly output?: string;
  readonly runs: string;
}

/** `report [RUN]`: the report of a run, printed or written to a file. */
export function configure(command: Command, context: CommandContext): void {
  command
    .argument('[run]', 'a run: its folder, its id or the beginning of it, or latest', 'latest')
    .addOption(new Option('--format <format>', 'md or json').choices(['md', 'json']).default('md'))
    .option('--output <file>', 'write to a file instead of printing')
    .option('--runs <dir>', 'the folder that holds the runs', 'runs')
    .action(async (run: string, options: ReportOptions) => {
      const folder = await runFolder(run, options.runs);
      const text =
        options.format === 'json' ? renderJson(summarise(await loadRun(folder))) : (await writeReport(folder)).markdown;
      if (options.output === undefined) context.stdout.write(`${text}\n`);
      else await write(options.output, `${text}\n`);
    });
}

/** A folder that has lost its plan is no run to the rest of Sweepline, but may have results to report. */
async function runFolder(run: string, runsFolder: string): Promise<string> {
  try {
    return (await openRun(run, runsFolder)).path;
  } catch (error) {
    const path = resolve(run);
    const found = run === '' ? null : await stat(path).catch(() => null);
    if (error instanceof RunError && error.code === 'RUN_MISSING' && found?.isDirectory()) return path;
    throw error;
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeAtomically(file, text);
  } catch (error) {
    throw new ReportError(`cannot write ${file}: ${(error as Error).message}`, {
      code: 'REPORT_OUTPUT',
      hint: 'give --output a file in a folder that exists and can be written',
      cause: error,
    });
  }
}
