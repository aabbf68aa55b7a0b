import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { randomStream } from '../../src/random/stream.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own with the real commands, and a cache of its own. */
export interface Workplace {
  readonly folder: string;
  sweep(...args: string[]): Promise<Answer>;
  /** `sweep`, called in a folder of the workplace. */
  sweepIn(cwd: string, ...args: string[]): Promise<Answer>;
  report(...args: string[]): Promise<Answer>;
  write(file: string, text: string): string;
  remove(): void;
}

/** `root`: a copy of the package below the folder, instead of this one. `name`: what its name begins with. */
export function createWorkplace({
  root,
  name = 'sweepline-e2e-',
}: {
  readonly root?: string;
  readonly name?: string;
} = {}): Workplace {
  const folder = mkdtempSync(path.join(os.tmpdir(), name));
  const bin = path.join(root === undefined ? ROOT : path.join(folder, root), 'bin');
  const call = async (binary: string, args: string[], cwd = '.'): Promise<Answer> => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [path.join(bin, binary), ...args], {
      cwd: path.join(folder, cwd),
      env: { SWEEPLINE_CACHE: path.join(folder, 'cache'), NO_COLOR: '1' },
      reject: false,
      stdin: 'ignore',
    });
    return { exitCode, stdout, stderr };
  };
  return {
    folder,
    sweep: (...args) => call('sweep.js', args),
    sweepIn: (cwd, ...args) => call('sweep.js', args, cwd),
    report: (...args) => call('report.js', args),
    write(file, text) {
      writeFileSync(path.join(folder, file), text);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A csv of so many rows whose label is whether `good` words outnumber `bad` ones. */
export function moodCsv(rows: number): string {
  const stream = randomStream({ seed: 11, purpose: 'mood csv' });
  const neutral = ['film', 'plot', 'actor', 'scene', 'music', 'story', 'end', 'camera'];
  const words = { good: ['good', 'fine', 'great'], bad: ['bad', 'dull', 'poor'] };
  const pick = (list: readonly string[]): string => list[stream.below(list.length)]!;
  const lines = Array.from({ length: rows }, () => {
    const label = stream.below(2) === 0 ? 'good' : 'bad';
    const text = Array.from({ length: 12 }, () => (stream.below(4) === 0 ? pick(words[label]) : pick(neutral)));
    return `${text.join(' ')},${label}`;
  });
  return `text,label\n${lines.join('\n')}\n`;
}

/** A pipeline over `moodCsv` that trains in about a second. */
export const MOOD_PIPELINE = `name: mood
data:
  source: { file: mood.csv }
  format: csv
  split: { train: 240, test: 60 }
  sequence: { length: 12 }
model:
  embedding: { dim: 8 }
  cell: gru
  hidden: 8
  pooling: max
optimizer: { type: adam, lr: 0.02 }
train: { epochs: 3, batch_size: 16 }
metrics: [accuracy, precision, recall, f1, confusion_matrix]
sweep:
  seeds: 2
  grid:
    model.cell: [rnn, gru]
`;
