import { Command, CommanderError } from 'commander';
import { SweeplineError } from '../errors.js';
import type { CommandContext, CommandModule } from './command.js';
import { checkCommandName } from './command-name.js';
import { outliveLostOutput } from './lost-output.js';
import { packageVersion } from './package-version.js';

export interface CommandEntry {
  readonly summary: string;
  /** Loaded only when the command is the one called, so that `--help` stays instant. */
  readonly load: () => Promise<CommandModule>;
  /** Whether it has more to do than print: it goes on when its output cannot be written or read any more. */
  readonly goesOn?: true;
}

export interface CommandLine {
  readonly name: string;
  readonly description: string;
  /** Shown under the help. */
  readonly examples: string;
  readonly commands: { readonly [name: string]: CommandEntry };
  /** The command that runs when the first argument names none. */
  readonly fallback: string;
  /** What the fallback takes (`file`), and whether the first argument may be meant as one rather than as a command. */
  readonly operand: { readonly noun: string; readonly mayBe: (word: string) => boolean };
}

/** Runs one command line and gives its exit code: 2 for a misuse of the command line itself. */
export async function runCommandLine(line: CommandLine, given: readonly string[]): Promise<number> {
  const argv = withoutHelpCommand(given);
  let exitCode = 0;
  const context: CommandContext = {
    stdout: process.stdout,
    stderr: process.stderr,
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = new Command(line.name)
    .description(line.description)
    .version(packageVersion())
    .addHelpText('after', `\nExamples:\n${line.examples}`)
    .showSuggestionAfterError()
    .exitOverride();
  const called = calledCommand(line, argv);
  outliveLostOutput(called !== null && line.commands[called]?.goesOn === true);
  const nowhere = called === null ? null : lostFolder();
  if (nowhere !== null) return told(nowhere);
  for (const [name, entry] of Object.entries(line.commands)) {
    const command = program.command(name).description(entry.summary).exitOverride();
    if (name === called) (await entry.load()).configure(command, context);
  }
  const words = called !== null && argv[0] !== called ? [called, ...argv] : argv;
  try {
    checkCommandName(line, given);
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return told(error);
  }
  return exitCode;
}

/** Shows an error and gives its exit code. */
async function told(error: unknown): Promise<number> {
  const { errorText } = await import('./error-text.js');
  process.stderr.write(errorText(error, { stream: process.stderr }));
  return isUserError(error) ? 2 : 70;
}

/** The error of a working directory that was removed, from which no path leads anywhere; null where it is there. */
function lostFolder(): SweeplineError | null {
  try {
    process.cwd();
    return null;
  } catch (cause) {
    const hint = 'change to one that exists: cd "$PWD" where it was made again';
    return new SweeplineError('the working directory is not there any more', { code: 'NO_FOLDER', hint, cause });
  }
}

/** `help plan` is `plan --help`: only the command that is called is loaded, and only so does its help show its options. */
function withoutHelpCommand(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  if (first !== 'help' || rest.length === 0) return argv;
  return [...(rest[0] === 'help' ? [] : rest), '--help'];
}

/** The command that `argv` calls, or null where commander should answer by itself (`--help`, `--version`). */
function calledCommand({ commands, fallback }: CommandLine, argv: readonly string[]): string | null {
  const first = argv[0];
  if (first === undefined) return null;
  if (Object.hasOwn(commands, first)) return first;
  return ['help', '-h', '--help', '-V', '--version'].includes(first) ? null : fallback;
}

function isUserError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'hint' in error;
}
