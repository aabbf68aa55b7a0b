import type { Command } from 'commander';

/** What every subcommand's module exports: it adds its arguments, options and action to `command`. */
export interface CommandModule {
  configure(command: Command, context: CommandContext): void;
}

/** What the CLI layer gives a command: output, and a way to say the exit code. */
export interface CommandContext {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  exit(code: number): void;
}
