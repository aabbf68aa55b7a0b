import { createLogUpdate } from 'log-update';
import { colors } from './colors.js';
import { lastingLines, type Paint } from './event-lines.js';
import { frame } from './frame.js';
import type { RunView } from './run-view.js';
import { initialState, nextState } from './view-state.js';

const LEAST_MS_BETWEEN_DRAWINGS = 100;
const TICK_MS = 1000;

type Terminal = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Redraws the running trials in place, at most ten times a second; what ended scrolls away above them. */
export function liveView(stream: Terminal, paint: Paint = terminalPaint(stream)): RunView {
  const update = createLogUpdate(stream, { showCursor: true });
  let state = initialState(Date.now());
  let lasting: string[] = [];
  let drawn = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  const settle = (): void => {
    if (lasting.length === 0) return;
    update.clear();
    stream.write(`${lasting.join('\n')}\n`);
    lasting = [];
  };
  const unplan = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const draw = (): void => {
    unplan();
    drawn = Date.now();
    settle();
    // Terminals that do not know their size say 0.
    const size = { width: stream.columns || 80, height: stream.rows || 24 };
    const lines = frame(state, size, drawn);
    update([...lines.slice(0, -1), paint.weak(lines.at(-1)!)].join('\n'));
  };
  // Elapsed times move on while nothing happens.
  const tick = setInterval(draw, TICK_MS);
  tick.unref();

  return {
    show(event) {
      state = nextState(state, event, Date.now());
      lasting.push(...lastingLines(event, paint));
      timer ??= setTimeout(draw, Math.max(0, drawn + LEAST_MS_BETWEEN_DRAWINGS - Date.now()));
    },
    close() {
      clearInterval(tick);
      unplan();
      update.clear();
      settle();
      update.done();
    },
  };
}

function terminalPaint(stream: Terminal): Paint {
  const { green, red, dim } = colors(stream);
  return { good: green, bad: red, weak: dim };
}
