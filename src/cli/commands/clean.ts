import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { RunError } from '../../errors.js';
import { type Leftover, removeLeftovers, surveyLeftovers } from '../../run/clean-runs.js';
import type { CommandContext } from '../command.js';
import { runsOption } from '../run-options.js';
import { duration } from '../schedule-options.js';
import { byteCount } from '../terminal/figures.js';

interface CleanOptions {
  /** Seconds. */
  readonly olderThan?: number;
  readonly runs: string;
  readonly yes: boolean;
}

/** `sweep clean`: removes checkpoints that nothing goes on from and, when asked, old runs; asks first. */
export function configure(command: Command, context: CommandContext): void {
  command
    .addOption(new Option('--older-than <duration>', 'remove whole runs that are older: 30d').argParser(duration))
    .addOption(runsOption())
    .option('--yes', 'do not ask', false)
    .action((options: CleanOptions) => clean(options, context));
}

async function clean({ olderThan, runs, yes }: CleanOptions, { stdout, exit }: CommandContext): Promise<void> {
  const found = await surveyLeftovers(runs, { olderThanMs: olderThan === undefined ? null : olderThan * 1000 });
  if (found.length === 0) {
    stdout.write('There is nothing to remove.\n');
    return;
  }
  for (const { what, path, bytes } of found) stdout.write(`${NAMES[what]}  ${byteCount(bytes).padStart(8)}  ${path}\n`);
  const total = byteCount(found.reduce((sum, { bytes }) => sum + bytes, 0));
  if (!yes && !(await agreed(`Remove ${found.length} of these, ${total}? [y/N] `))) {
    stdout.write('Nothing was removed.\n');
    return exit(1);
  }
  await removeLeftovers(runs, found);
  stdout.write(`Removed ${total}.\n`);
}

const NAMES: { readonly [what in Leftover['what']]: string } = {
  run: 'run        ',
  checkpoints: 'checkpoints',
  unfinished: 'unfinished ',
};

async function agreed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    throw new RunError('expected an answer before anything is removed, found no terminal to ask on', {
      code: 'CLEAN_UNASKED',
      hint: 'pass --yes to remove what is listed',
    });
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(question)).trim());
  } finally {
    asking.close();
  }
}
