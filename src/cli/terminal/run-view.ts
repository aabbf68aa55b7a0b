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
  return {
    show(event) {
      stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
    },
    close() {},
  };
}

/** Lines without control characters. */
export function plainView(stream: NodeJS.WritableStream): RunView {
  return {
    show(event) {
      for (const line of plainLines(event)) stream.write(`${line}\n`);
    },
    close() {},
  };
}
