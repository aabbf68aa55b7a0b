import { Writable } from 'node:stream';
import { Command } from 'commander';
import type { CommandModule } from '../../src/cli/command.js';

export interface Called {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly error: unknown;
}

/** Calls a subcommand as the command line does, with streams that are no terminals. */
export async function call(module: CommandModule, args: readonly string[]): Promise<Called> {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts): Writable =>
    new Writable({
      write: (chunk, _, done) => {
        texts[name] += String(chunk);
        done();
      },
    });
  let code = 0;
  let error: unknown = null;
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const exit = (given: number): void => {
    code = given;
  };
  module.configure(command, { stdout: stream('stdout'), stderr: stream('stderr'), exit });
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (thrown) {
    error = thrown;
  }
  return { ...texts, code, error };
}
