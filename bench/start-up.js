/**
 * Process start to first batch, and peak memory, of a one-trial IMDB LSTM 64 run with cached data.
 *
 *   npm run build && node bench/start-up.js --imdb aclImdb.tar.gz [--engine native] [--rounds 7]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    imdb: { type: 'string' },
    engine: { type: 'string', default: 'auto' },
    rounds: { type: 'string', default: '7' },
  },
});
if (options.imdb === undefined) {
  console.error('give --imdb aclImdb.tar.gz');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'sweepline-start-'));
const trials = [];
try {
  for (let round = 0; round <= Number(options.rounds); round++) {
    const settings = [
      `data.source.file=${path.resolve(options.imdb)}`,
      'train.epochs=1',
      'sweep=null',
      'report=null',
      'expect=null',
    ];
    execFileSync(
      process.execPath,
      [
        path.join(root, 'bin/sweep.js'),
        path.join(root, 'pipelines/imdb-cells.yaml'),
        ...settings.flatMap((setting) => ['--set', setting]),
        ...['--engine', options.engine, '--runs', path.join(folder, `runs-${round}`), '--no-report'],
      ],
      { stdio: 'ignore' },
    );
    const result = path.join(folder, `runs-${round}`, 'latest/trials/001-base-s0/result.json');
    trials.push(JSON.parse(readFileSync(result, 'utf8')));
  }
} finally {
  rmSync(folder, { recursive: true });
}
// The first may have filled the cache.
const warm = trials.slice(1);
const sorted = (read) => warm.map(read).sort((a, b) => a - b);
const starts = sorted(({ timing }) => timing.startup_seconds);
const peaks = sorted(({ peak_memory_bytes }) => peak_memory_bytes / 1e6);
console.log(`${warm[0].engine.name} (${warm[0].engine.variant}), ${warm.length} trials with cached data`);
console.log(
  `process start to first batch: median ${starts[starts.length >> 1].toFixed(2)} s, at most ${starts.at(-1).toFixed(2)} s`,
);
console.log(`peak memory: ${peaks.at(-1).toFixed(0)} MB`);
