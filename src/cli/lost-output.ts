import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { getSystemErrorMap } from 'node:util';
import { RunError } from '../errors.js';

type Output = 'stdout' | 'stderr';

/**
 * Keeps what cannot be written from ending a command in a stack trace. Who reads it may have seen enough (`sweep plan
 * FILE | head`): that is no error, and the end unless work goes on. A terminal that is gone hangs up, as SIGHUP does. A
 * full disk ends a command that only prints, with exit code 2; work goes on without the output, told on the other one,
 * and exits with 2 instead of 0 where it was stdout.
 */
export function outliveLostOutput(goesOn: boolean): void {
  const lost = new Set<Output>();
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') {
        if (!goesOn) process.exit();
        return;
      }
      if (lost.has(name)) return;
      lost.add(name);
      if (error.code === 'EIO' && process[name].isTTY) process.kill(process.pid, 'SIGHUP');
      else void tellLost(name, error, goesOn);
    });
  }
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', (code) => {
    if (code === 0 && lost.has('stdout')) process.exitCode = 2;
    // Node sets back the modes of its terminals when it ends, and aborts where one is gone.
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}

async function tellLost(name: Output, error: NodeJS.ErrnoException, goesOn: boolean): Promise<void> {
  const reason = getSystemErrorMap().get(error.errno ?? 0)?.[1] ?? error.message;
  const message = `cannot write to ${name}: ${reason}`;
  if (name === 'stderr') {
    // What reads stdout expects a report or events there.
    if (process.stdout.isTTY) process.stdout.write(`warning: ${message}\n`);
  } else if (goesOn) {
    process.stderr.write(
      `warning: ${message}; the run goes on and ends with exit code 2; \`sweep status\` and \`report\` tell what is lost\n`,
    );
  } else {
    const { errorText } = await import('./error-text.js');
    const hint = 'make room, or send the output elsewhere, and try again';
    const text = errorText(new RunError(message, { code: 'OUTPUT_LOST', hint }), { stream: process.stderr });
    process.stderr.write(text, () => process.exit(2));
  }
}
