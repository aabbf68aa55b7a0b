import type { RunEvent } from '../../run/run-events.js';
import type { CommandContext } from '../command.js';
import { plainLines } from './event-lines.js';
import { liveView } from './live-view.js';

/** Shows a run while it goes. */
export interface RunView {
  show(event: RunEvent): void;
  /** Leaves the terminal as it should stay. */
  close(): void;
}

/**
 * The view that fits: JSON events on stdout when asked for, a live one when stderr is a terminal, else plain lines on
 * stderr. What a run prints on stdout is its report.
 */
export function runView({ stdout, stderr }: CommandContext, { json }: { readonly json: boolean }): RunView {
  if (json) return jsonView(stdout);
  return stderr.isTTY === true ? liveView(stderr) : plainView(stderr);
}

/** One JSON event a line, each with its time. */
export function jsonView(stream: NodeJS.WritableStream): RunView {
  return lineView(stream, (event) => [JSON.stringify({ time: new Date().toISOString(), ...event })]);
}

/** Lines without control characters. */
export function plainView(stream: NodeJS.WritableStream): RunView {
  return lineView(stream, plainLines);
}

/** Writes lines; those of events that come together in one piece. */
function lineView(stream: NodeJS.WritableStream, linesOf: (event: RunEvent) => readonly string[]): RunView {
  let text = '';
  const flush = (): void => {
    const written = text;
    // First: whoever reads it may show more before the write returns.
    text = '';
    if (written !== '') stream.write(written);
  };
  return {
    show(event) {
      const lines = linesOf(event).map((line) => `${line}\n`);
      if (lines.length === 0) return;
      if (text === '') setImmediate(flush);
      text += lines.join('');
    },
    close: flush,
  };
}
