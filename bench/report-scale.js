// What the report of a large run costs in every format:
//   node bench/report-scale.js [--trials 10000] [--formats md,csv] [--folder DIR [--keep]]
// Prints a line for each format: seconds and peak memory of the whole process, as `report RUN --format …` takes them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readPipeline } from '../dist/pipeline/read-pipeline.js';
import { planPipeline } from '../dist/plan/create-plan.js';
import { createRun } from '../dist/run/create-run.js';
import { provenance } from '../dist/run/provenance.js';
import { madeUpResult } from './made-up-result.js';

const SEEDS = 5;
const FORMATS = 'md,html,csv,json,latex,term,github,junit';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '10000' },
    formats: { type: 'string', default: FORMATS },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const trials = Number(values.trials);
const folder = values.folder ?? mkdtempSync(path.join(os.tmpdir(), 'sweepline-report-scale-'));
const runs = path.join(folder, 'runs');

const PIPELINE = `name: scale
data:
  source: { file: mood.csv }
  format: csv
  split: { train: 240, test: 60 }
model: { embedding: { dim: 8 }, cell: gru, hidden: 8 }
train: { epochs: 5, batch_size: 16 }
metrics: [accuracy, precision, recall, f1, confusion_matrix]
sweep:
  seeds: ${SEEDS}
  random:
    samples: ${trials / SEEDS}
    seed: 0
    space:
      optimizer.lr: { log_uniform: [0.0001, 0.1] }
      model.cell: { choice: [rnn, gru, lstm] }
      model.pooling: { choice: [last, mean, max] }
`;

async function makeRun() {
  const { plan, diagnostics } = planPipeline(readPipeline({ file: 'scale.yaml', text: PIPELINE }), { large: true });
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const info = { command: ['sweep'], jobs: 1, working_directory: folder, ...(await provenance(folder)) };
  const run = await createRun({ runsFolder: runs, plan, pipeline: PIPELINE, info });
  for (const trial of plan.trials) {
    const { result } = run.trial(trial.id);
    mkdirSync(path.dirname(result), { recursive: true });
    writeFileSync(result, JSON.stringify(madeUpResult(trial)));
  }
  return run.path;
}

try {
  mkdirSync(runs, { recursive: true });
  const made = readdirSync(runs).find((name) => name.includes('-scale-'));
  const run = made === undefined ? await makeRun() : path.join(runs, made);
  const report = new URL('../bin/report.js', import.meta.url).pathname;
  for (const format of values.formats.split(',').filter((name) => name !== '')) {
    const began = performance.now();
    const code = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(['peak', maxRSS, (userCPUTime + systemCPUTime) / 1e6].join(' ') + '\\n'); })`;
    const { stderr, stdout, status } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(code)}`, report, run, '--format', format],
      { encoding: 'utf8', maxBuffer: 2 ** 31 - 1, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [, kilobytes, cpu] = /peak (\d+) ([\d.]+)/.exec(stderr) ?? [];
    const peak = Math.round(Number(kilobytes) / 1024);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    console.log(
      `${format}: ${seconds} s (${Number(cpu).toFixed(2)} s of a core), peak ${peak} MB, ${(stdout.length / 1e6).toFixed(1)} MB of text, exit ${status}`,
    );
  }
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}
