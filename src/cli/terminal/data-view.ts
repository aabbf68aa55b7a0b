import { createLogUpdate } from 'log-update';
import type { DataProgress } from '../../data/progress.js';
import type { CommandContext } from '../command.js';
import { cut, oneLine } from './display-width.js';
import { byteCount } from './figures.js';

/** Shows the fetching and encoding of data. */
export interface DataView {
  progress(progress: DataProgress): void;
  warning(message: string): void;
  close(): void;
}

const LEAST_MS_BETWEEN_DRAWINGS = 100;

/** JSON events on stdout when asked for; on a terminal one line that changes; else a line for each stage. */
export function dataView({ stdout, stderr }: CommandContext, { json }: { readonly json: boolean }): DataView {
  if (json)
    return stagesView(
      (progress) => jsonLine(stdout, { event: 'data', ...progress }),
      (message) => jsonLine(stdout, { event: 'data-warning', message }),
    );
  const warn = (message: string): void => void stderr.write(`! ${oneLine(message)}\n`);
  if (stderr.isTTY === true) return liveDataView(stderr, warn);
  return stagesView((progress) => stderr.write(`data: ${dataLine({ ...progress, done: 0 })}\n`), warn);
}

/** What is being done: `downloading aclImdb.tar.gz, 34 % of 84.1 MB`. */
export function dataLine({ stage, name, done, total }: DataProgress): string {
  const what = `${STAGES[stage]} ${oneLine(name)}`;
  if (total !== null && total > 0 && done > 0)
    return `${what}, ${Math.floor((done / total) * 100)} % of ${byteCount(total)}`;
  return done > 0 ? `${what}, ${byteCount(done)}` : what;
}

const STAGES: { readonly [stage in DataProgress['stage']]: string } = {
  download: 'downloading',
  read: 'reading',
  encode: 'encoding',
  wait: 'waiting for another process that prepares',
};

/** Tells when a stage begins, not how far it is. */
function stagesView(begin: (progress: DataProgress) => void, warning: (message: string) => void): DataView {
  let last = '';
  return {
    progress(progress) {
      const stage = `${progress.stage} ${progress.name}`;
      if (stage !== last) begin(progress);
      last = stage;
    },
    warning,
    close() {},
  };
}

function liveDataView(
  stream: CommandContext['stdout'] | CommandContext['stderr'],
  warn: (message: string) => void,
): DataView {
  const update = createLogUpdate(stream, { showCursor: true });
  let drawn = Number.NEGATIVE_INFINITY;
  let last = '';
  return {
    progress(progress) {
      // Reading keeps this process busy, so lines are drawn as they come, not by a timer.
      if (progress.stage === last && Date.now() - drawn < LEAST_MS_BETWEEN_DRAWINGS) return;
      last = progress.stage;
      drawn = Date.now();
      update(cut(`data: ${dataLine(progress)}`, (stream as { columns?: number }).columns ?? 80));
    },
    warning(message) {
      update.clear();
      warn(message);
    },
    close() {
      update.clear();
      update.done();
    },
  };
}

function jsonLine(stream: NodeJS.WritableStream, event: object): void {
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}
