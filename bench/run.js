/**
 * Training steps per second of the product's loop and of its peers, one thread each, alternating in one run.
 *
 *   npm run bench -- --imdb aclImdb.tar.gz --text timemachine.txt [--engine native|wasm|tensorflow] [--variant avx2]
 *                    [--peer torch] [--peer keras] [--peer unrolled] [--peer native] [--python python3]
 *                    [--only LSTM] [--rounds 5] [--seconds 4] [--json FILE]
 *
 * Peers: `torch` and `keras` by a Python that has them (SWEEPLINE_BENCH_PYTHON, SWEEPLINE_BENCH_KERAS_PYTHON);
 * `unrolled`, the product's own loop with the composed layer on the same engine; or another engine's name.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { withEngine } from '../dist/run/executors/worker-environment.js';
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
    peer: { type: 'string', multiple: true, default: [] },
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
const named = WORKLOADS.filter(({ name }) => name === options.only);
const asked = named.length > 0 ? named : WORKLOADS.filter(({ name }) => name.includes(options.only ?? ''));
try {
  for (const workload of asked) {
    if (files[workload.data] === undefined) continue;
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
  const batches = await loadBatches(workload, files);
  const own = await startOwn(workload, batches, {});
  const workers = [own];
  for (const peer of options.peer) workers.push(await startPeer(peer, workload, batches));
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
  return {
    workload: workload.name,
    engine: own.name,
    steps_per_second: median(rates[0]),
    peak_memory_mb: Math.round(peak_bytes / 1e6),
    ...parts,
    ...(parts.parts_ms === undefined ? {} : { recurrent_gflops: gflops(workload, parts) }),
    peers: workers.slice(1).map(({ name }, n) => {
      const ratios = rates[n + 1].map((peer, round) => rates[0][round] / peer);
      return {
        name,
        steps_per_second: median(rates[n + 1]),
        ratio: median(ratios),
        ratio_range: [Math.min(...ratios), Math.max(...ratios)],
      };
    }),
  };
}

function startOwn(workload, batches, changes) {
  const spec = writeSpec(workload, batches, changes);
  const script = fileURLToPath(new URL('./sweepline-worker.js', import.meta.url));
  return startWorker(process.execPath, [script, spec], withEngine({}, changes.engine ?? { name: options.engine }));
}

function startPeer(peer, workload, batches) {
  if (peer === 'unrolled') return startOwn(workload, batches, { implementation: 'unrolled' });
  if (peer !== 'torch' && peer !== 'keras') return startOwn(workload, batches, { engine: { name: peer } });
  const python = (peer === 'keras' && process.env.SWEEPLINE_BENCH_KERAS_PYTHON) || options.python;
  const worker = fileURLToPath(new URL(`./${peer}_worker.py`, import.meta.url));
  return startWorker(python, [worker, writeSpec(workload, batches, {})]);
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

/** The file that a worker reads; `changes` name another engine or implementation than the one that is timed. */
function writeSpec(workload, { ids, targets, count, vocabulary, outputs }, changes) {
  const own = mkdtempSync(path.join(folder, 'worker-'));
  const file = (name) => path.join(own, name);
  const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  writeFileSync(file('ids.bin'), bytes(ids));
  writeFileSync(file('targets.bin'), bytes(targets));
  const { model, optimizer, train } = workload.config;
  const timed = { name: options.engine, ...(options.variant === undefined ? {} : { variant: options.variant }) };
  const implementation = changes.implementation === undefined ? {} : { implementation: changes.implementation };
  const config = resolveConfig({
    name: 'bench',
    data:
      workload.data === 'text'
        ? { source: { file: '-' }, format: 'text' }
        : { source: { file: '-' }, format: 'folders', train: { neg: '-', pos: '-' } },
    ...workload.config,
    model: { ...model, ...implementation },
    engine: changes.engine ?? timed,
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
  const percent = (x) => (x === undefined ? '' : `${Math.round(100 * x)} %`);
  return markdownTable([
    [
      'workload',
      'engine',
      'steps/s',
      'in kernels',
      'GF/s of peak',
      'peak MB',
      'peer',
      'peer steps/s',
      'ratio',
      'range',
    ],
    ...rows.flatMap((row) => {
      const { recurrent_gflops: reached, peak_gflops: peak } = row;
      const own = [
        row.workload,
        row.engine,
        number(row.steps_per_second, 2),
        percent(row.kernel_share),
        reached === undefined ? '' : `${Math.round(reached)} of ${Math.round(peak)} (${percent(reached / peak)})`,
        String(row.peak_memory_mb),
      ];
      if (row.peers.length === 0) return [[...own, '', '', '', '']];
      return row.peers.map((peer) => [
        ...own,
        peer.name,
        number(peer.steps_per_second, 2),
        number(peer.ratio, 2),
        peer.ratio_range.map((x) => number(x, 2)).join(' to '),
      ]);
    }),
  ]);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
