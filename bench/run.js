/**
 * Training steps per second of the product's loop and of PyTorch, one thread each, alternating in one run.
 *
 *   npm run bench -- --imdb aclImdb.tar.gz --text timemachine.txt [--engine native|wasm] [--variant avx2]
 *                    [--peer torch] [--python python3] [--only LSTM] [--rounds 5] [--seconds 4] [--json FILE]
 *
 * SWEEPLINE_BENCH_PYTHON names a Python with torch and numpy; without --peer only the product is timed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { loadBatches } from './batches.js';
import { resolveConfig } from './resolve-config.js';
import { startWorker } from './worker.js';
import { WORKLOADS } from './workloads.js';

const { values: options } = parseArgs({
  options: {
    imdb: { type: 'string' },
    text: { type: 'string' },
    engine: { type: 'string', default: 'native' },
    variant: { type: 'string' },
    peer: { type: 'string' },
    python: { type: 'string', default: process.env.SWEEPLINE_BENCH_PYTHON ?? 'python3' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    json: { type: 'string' },
  },
});
const files = { imdb: options.imdb, text: options.text };
const folder = mkdtempSync(path.join(os.tmpdir(), 'sweepline-bench-'));
const results = [];
try {
  for (const workload of WORKLOADS) {
    if (files[workload.data] === undefined) continue;
    if (options.only !== undefined && !workload.name.includes(options.only)) continue;
    const result = await time(workload);
    results.push(result);
    console.error(`${workload.name}: ${JSON.stringify(result)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (results.length === 0) {
  console.error('nothing to time: give --imdb and --text');
  process.exit(2);
}
console.log(table(results));
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ machine: os.cpus()[0].model, results }, null, 2)}\n`);

async function time(workload) {
  const spec = await writeSpec(workload);
  const own = await startWorker(process.execPath, [new URL('./sweepline-worker.js', import.meta.url).pathname, spec]);
  const workers = [own];
  if (options.peer === 'torch') {
    workers.push(await startWorker(options.python, [new URL('./torch_worker.py', import.meta.url).pathname, spec]));
  }
  const steps = [];
  for (const worker of workers) {
    await worker.ask({ run: 2 });
    const { seconds } = await worker.ask({ run: 2 });
    steps.push(Math.max(2, Math.round((2 * Number(options.seconds)) / seconds)));
  }
  const rates = workers.map(() => []);
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const [n, worker] of workers.entries()) {
      const { seconds } = await worker.ask({ run: steps[n] });
      rates[n].push(steps[n] / seconds);
    }
  }
  const parts = await own.ask({ parts: steps[0] });
  const { peak_bytes } = await own.ask({ memory: true });
  for (const worker of workers) worker.stop();
  const ratios = rates[1]?.map((peer, n) => rates[0][n] / peer);
  return {
    workload: workload.name,
    engine: own.name,
    steps_per_second: median(rates[0]),
    peak_memory_mb: Math.round(peak_bytes / 1e6),
    ...parts,
    recurrent_gflops: gflops(workload, parts),
    ...(ratios === undefined
      ? {}
      : {
          peer: workers[1].name,
          peer_steps_per_second: median(rates[1]),
          ratio: median(ratios),
          ratio_range: [Math.min(...ratios), Math.max(...ratios)],
        }),
  };
}

/**
 * GF/s in the recurrent kernels, counting only the products with the recurrent weights (forward, and twice backward):
 * the products with the input weights shrink with the batch's distinct tokens.
 */
function gflops({ batch, time, config: { model } }, { parts_ms }) {
  const gates = { lstm: 4, gru: 3, rnn: 1 }[model.cell];
  const products = (model.bidirectional ? 2 : 1) * (model.layers ?? 1);
  const flops = 3 * 2 * batch * time * gates * model.hidden ** 2 * products;
  return Number((flops / (parts_ms.recurrentForward + parts_ms.recurrentBackward) / 1e6).toPrecision(3));
}

async function writeSpec(workload) {
  const { ids, targets, count, vocabulary, outputs } = await loadBatches(workload, files);
  const file = (name) => path.join(folder, name);
  const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  writeFileSync(file('ids.bin'), bytes(ids));
  writeFileSync(file('targets.bin'), bytes(targets));
  const { model, optimizer, train } = workload.config;
  const engine = { name: options.engine, ...(options.variant === undefined ? {} : { variant: options.variant }) };
  const config = resolveConfig({
    name: 'bench',
    data:
      workload.data === 'text'
        ? { source: { file: '-' }, format: 'text' }
        : { source: { file: '-' }, format: 'folders', train: { neg: '-', pos: '-' } },
    ...workload.config,
    engine,
  });
  const spec = {
    task: workload.config.task,
    model,
    optimizer,
    clip_norm: train.clip_norm ?? null,
    batch: workload.batch,
    time: workload.time,
    count,
    vocabulary,
    outputs,
    ids: file('ids.bin'),
    targets: file('targets.bin'),
    config,
  };
  writeFileSync(file('spec.json'), JSON.stringify(spec));
  return file('spec.json');
}

function table(rows) {
  const number = (x, digits) => (x === undefined ? '' : x.toFixed(digits));
  return markdownTable([
    [
      'workload',
      'engine',
      'steps/s',
      'in kernels',
      'GF/s of best',
      'peak MB',
      'peer',
      'peer steps/s',
      'ratio',
      'range',
    ],
    ...rows.map((row) => [
      row.workload,
      row.engine,
      number(row.steps_per_second, 2),
      `${Math.round(100 * row.kernel_share)} %`,
      `${Math.round(row.recurrent_gflops)} of ${Math.round(row.best_product_gflops)}`,
      String(row.peak_memory_mb),
      row.peer ?? '',
      number(row.peer_steps_per_second, 2),
      number(row.ratio, 2),
      row.ratio_range === undefined ? '' : row.ratio_range.map((x) => number(x, 2)).join(' to '),
    ]),
  ]);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
