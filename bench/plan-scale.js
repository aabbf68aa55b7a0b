/**
 * Wall time and peak memory of planning sweeps of 100,000 trials, the whole process of `sweep plan FILE --yes` with all of
 * its output: a grid and a random search of 100,000 arms, and 1,000 seeds of 100 arms.
 *
 *   npm run build && node bench/plan-scale.js [--rounds 5]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const base = parse(readFileSync(path.join(root, 'pipelines/quickstart.yaml'), 'utf8'));
const upTo = (count, step = 1) => Array.from({ length: count }, (_, n) => Number(((n + 1) * step).toPrecision(6)));

const sweeps = {
  'grid of 100 × 100 × 10 arms': {
    seeds: 1,
    grid: { 'optimizer.lr': upTo(100, 0.0001), 'model.hidden': upTo(100), 'model.layers': upTo(10) },
  },
  'random search of 100,000 arms': {
    seeds: 1,
    random: {
      samples: 100_000,
      space: {
        'optimizer.lr': { log_uniform: [0.0001, 0.1] },
        'model.hidden': { int_uniform: [8, 256] },
        'model.head.dropout': { uniform: [0, 0.5] },
      },
    },
  },
  '1,000 seeds of 100 arms': { seeds: 1000, grid: { 'optimizer.lr': upTo(10, 0.0001), 'model.hidden': upTo(10) } },
};
/** Tells on another channel, when the process ends, how much memory it had at most. */
const TELL_MEMORY = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'sweepline-plan-'));
try {
  for (const [name, sweep] of Object.entries(sweeps)) {
    const file = path.join(folder, 'pipeline.yaml');
    const { report: _, ...pipeline } = base;
    writeFileSync(file, stringify({ ...pipeline, sweep }));
    const runs = Array.from({ length: Number(options.rounds) }, () => plan(file));
    const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
    const bytes = Math.max(...runs.map((run) => run.bytes));
    console.log(
      `${name}: median ${seconds[seconds.length >> 1].toFixed(2)} s (${seconds[0].toFixed(2)} to ${seconds.at(-1).toFixed(2)}), ${(bytes / 1e9).toFixed(2)} GB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

function plan(file) {
  const args = ['--import', TELL_MEMORY, path.join(root, 'bin/sweep.js'), 'plan', file, '--yes', '--runs', folder];
  const start = process.hrtime.bigint();
  const { status, output } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`planning failed with ${status}`);
  return { seconds, bytes: Number(output[3]) * 1024 };
}
