/**
 * Wall time and peak memory of planning sweeps of 100,000 trials, the whole process of `sweep plan FILE --yes` with all of
 * its output: grids and random searches with several seeds to an arm, as experiments have them, and with one.
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

const grid = (layers) => ({
  'optimizer.lr': upTo(100, 0.0001),
  'model.hidden': upTo(100),
  ...(layers === 1 ? {} : { 'model.layers': upTo(layers) }),
});
const random = (samples) => ({
  samples,
  space: {
    'optimizer.lr': { log_uniform: [0.0001, 0.1] },
    'model.hidden': { int_uniform: [8, 256] },
    'model.head.dropout': { uniform: [0, 0.5] },
  },
});

const sweeps = {
  '100 arms × 1,000 seeds': { seeds: 1000, grid: { 'optimizer.lr': upTo(10, 0.0001), 'model.hidden': upTo(10) } },
  'grid of 10,000 arms × 10 seeds': { seeds: 10, grid: grid(1) },
  'random search of 33,334 arms × 3 seeds': { seeds: 3, random: random(33_334) },
  'grid of 100,000 arms × 1 seed': { seeds: 1, grid: grid(10) },
  'random search of 100,000 arms × 1 seed': { seeds: 1, random: random(100_000) },
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
