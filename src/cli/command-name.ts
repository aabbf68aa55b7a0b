import { PipelineError } from '../errors.js';
import { nearest } from '../pipeline/nearest.js';
import type { CommandLine } from './main.js';

/** Throws a PipelineError where the first argument can only be meant as a command, or `help` is asked of one, that there is none of. */
export function checkCommandName(line: CommandLine, [first = '', second]: readonly string[]): void {
  const names = [...Object.keys(line.commands), 'help'];
  const helped = first === 'help' && second !== undefined && !second.startsWith('-');
  const word = helped ? second : first;
  if (names.includes(word)) return;
  // A path has a dot or a slash in it; a file without them is one that is there.
  if (!helped && (!/^[a-z][\w-]*$/i.test(word) || line.operand.mayBe(word))) return;
  const meant = nearest(word, names);
  throw new PipelineError(
    `there is no command \`${word}\`${helped ? '' : `, and no ${line.operand.noun} of that name`}`,
    {
      code: 'UNKNOWN_COMMAND',
      hint: meant === null ? `\`${line.name} help\` lists the commands.` : `Did you mean \`${meant}\`?`,
    },
  );
}
