import { cut, displayWidth, fill, oneLine } from './display-width.js';
import { duration, figure, rate } from './figures.js';
import { sparkline } from './sparkline.js';
import { type RunningTrial, remainingSeconds, SPARKS, trialsLeft, type ViewState } from './view-state.js';

export interface FrameSize {
  /** Columns and rows of the terminal. */
  readonly width: number;
  readonly height: number;
}

const PHASES: { readonly [phase in RunningTrial['phase']]: string } = {
  start: 'starting',
  engine: 'loading the engine',
  data: 'loading the data',
  model: 'building the model',
  train: 'training',
  evaluate: 'evaluating',
  predict: 'predicting',
};
const BAR = 10;
const GAP = '  ';

/** The live part of the view: a line for each running trial, the best so far and a summary. No line is wider than the terminal. */
export function frame(state: ViewState, { width, height }: FrameSize, now: number): readonly string[] {
  const trials = [...state.running.values()];
  const best = bestLine(state);
  // The last lines need their rows, and a frame that fills the screen scrolls.
  const room = Math.max(1, height - 2 - best.length);
  const shown = trials.length > room ? trials.slice(0, room - 1) : trials;
  const lines = trialLines(shown, width);
  const hidden = trials.length - shown.length;
  if (hidden > 0) lines.push(cut(`… and ${hidden} more`, width));
  return [...lines, ...[...best, summary(state, now)].map((line) => cut(line, width))];
}

function bestLine({ best }: ViewState): readonly string[] {
  return best === null ? [] : [`best so far: ${best.metric} ${figure(best.value)} (${oneLine(best.trial)})`];
}

function summary(state: ViewState, now: number): string {
  const { complete, failed, cancelled, running, stopping } = state;
  const counts = [
    `${complete} done`,
    `${failed} failed`,
    ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
    `${running.size} running`,
    `${trialsLeft(state)} left`,
  ].join(', ');
  const elapsed = `elapsed ${duration((now - state.since) / 1000)}`;
  const eta = `ETA ${duration(remainingSeconds(state, now))}`;
  const hint = stopping === 'stop' ? ['stopping (Ctrl-C again kills)'] : stopping === 'kill' ? ['killing'] : [];
  return [...hint, counts, elapsed, eta].join(' · ');
}

function trialLines(trials: readonly RunningTrial[], width: number): string[] {
  const rows = trials.map(cells);
  const columns = COLUMNS.map((_, at) => Math.max(0, ...rows.map((row) => displayWidth(row.cells[at] ?? ''))));
  const kept = new Set(COLUMNS.map((_, at) => at));
  const total = (): number =>
    [...kept].reduce((sum, at) => sum + (columns[at] === 0 ? 0 : GAP.length + columns[at]!), 0);
  const longestId = Math.max(0, ...trials.map(({ id }) => displayWidth(id)));
  // Ids give way down to a dozen columns before figures do.
  const leastId = Math.min(longestId, 12);
  for (const at of DROP_ORDER) {
    if (leastId + total() > width) kept.delete(at);
  }
  const idWidth = Math.max(1, Math.min(longestId, Math.max(leastId, width - total())));
  return rows.map(({ id, text, cells: row }) => {
    const figures = [...kept].filter((at) => columns[at]! > 0).map((at) => fill(row[at] ?? '', columns[at]!));
    const line = [fill(id, idWidth), ...(text === null ? figures : [text])].join(GAP);
    return cut(line, width).trimEnd();
  });
}

const COLUMNS = ['epoch', 'bar', 'batch', 'loss', 'accuracy', 'spark', 'rate', 'eta'] as const;
/** Positions in COLUMNS, those that are missed least first. */
const DROP_ORDER = [1, 6, 5, 2, 4, 3, 7, 0];

interface Row {
  readonly id: string;
  /** Instead of the cells, for a trial that does not train at the moment. */
  readonly text: string | null;
  /** One for each of COLUMNS. */
  readonly cells: readonly string[];
}

function cells({ id, phase, progress, figures }: RunningTrial): Row {
  if (progress === null) return { id: oneLine(id), text: PHASES[phase], cells: [] };
  const epoch = `epoch ${progress.epoch}/${progress.epochs}`;
  if (phase !== 'train') return { id: oneLine(id), text: `${epoch}${GAP}${PHASES[phase]}`, cells: [epoch] };
  const batch = String(progress.batch).padStart(String(progress.batches).length);
  return {
    id: oneLine(id),
    text: null,
    cells: [
      epoch,
      bar(progress.batch / progress.batches),
      `${batch}/${progress.batches}`,
      `loss ${figure(progress.loss)}`,
      progress.accuracy === null ? '' : `accuracy ${figure(progress.accuracy)}`,
      figures.length < 2 ? '' : sparkline(figures, SPARKS),
      `${rate(progress.batches_per_second).padStart(4)} batches/s`,
      `ETA ${duration(progress.eta_seconds)}`,
    ],
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}
