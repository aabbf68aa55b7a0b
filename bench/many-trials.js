/**
 * `node bench/many-trials.js [--trials 5000] [--jobs N]`: a run of tiny trials, to see what a trial costs besides its
 * training, how busy the parent is, and whether its memory grows. Prints a line of JSON at the end. On Linux: times and
 * memory are read from /proc.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '5000' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const TRIALS = Number(values.trials);
const load = round(loadavg()[0]);
const SWEEP = fileURLToPath(new URL('../bin/sweep.js', import.meta.url));
const PIPELINE = `name: many
data:
  source: { file: words.csv }
  format: csv
  split: { train: 32, test: 8 }
  sequence: { length: 6 }
model: { embedding: { dim: 4 }, cell: rnn, hidden: 4 }
train: { epochs: 1, batch_size: 16 }
metrics: [accuracy]
sweep: { seeds: ${TRIALS}, max_trials: ${TRIALS} }
`;

const folder = mkdtempSync(path.join(tmpdir(), 'sweepline-many-'));
try {
  const rows = Array.from(
    { length: 40 },
    (_, n) => `word${n % 7} word${n % 3} word${n % 5},${n % 2 === 0 ? 'a' : 'b'}`,
  );
  writeFileSync(path.join(folder, 'words.csv'), `text,label\n${rows.join('\n')}\n`);
  writeFileSync(path.join(folder, 'many.yaml'), PIPELINE);
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const began = performance.now();
  const child = spawn(process.execPath, [SWEEP, 'many.yaml', '--jobs', values.jobs, '--no-report', '--json'], {
    cwd: folder,
    env: { ...process.env, SWEEPLINE_CACHE: path.join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('exit', done));
  // At the start of the first trial and at the end of each tenth of them.
  const samples = [];
  let complete = 0;
  let training = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.event === 'started' && samples.length === 0) samples.push(sample(child.pid, 0));
    if (event.event === 'epoch') training += event.record.train_seconds + event.record.evaluate_seconds;
    if (event.event !== 'finished' || event.state !== 'complete') continue;
    complete++;
    if (complete % Math.ceil(TRIALS / 10) === 0 || complete === TRIALS) samples.push(sample(child.pid, complete));
  }
  const code = await ended;
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = (last.at - first.at) / 1000;
  const jobs = Number(values.jobs);
  const per = (total) => round((1000 * total) / last.complete);
  return {
    trials: complete,
    jobs,
    exit_code: code,
    node: process.version,
    cores: availableParallelism(),
    load: { begin: load, end: round(loadavg()[0]) },
    seconds: round((performance.now() - began) / 1000),
    // Wall time of a trial from its start to the next one's, on each job.
    ms_per_trial_and_job: per(seconds * jobs),
    of_it_training_ms: per(training),
    worker_cpu_ms_per_trial: per(last.workers - first.workers),
    parent_cpu_ms_per_trial: per(last.cpu - first.cpu),
    parent_core_share: round((last.cpu - first.cpu) / seconds),
    parent_memory_mb: Object.fromEntries(samples.map(({ complete: after, mb }) => [after, round(mb)])),
  };
}

/**
 * The CPU seconds (user and system) of a process and of its children that have ended, and its resident megabytes
 * (proc(5), stat and statm).
 */
function sample(pid, complete) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  const [cpu, workers] = [(fields[11] + fields[12]) / 100, (fields[13] + fields[14]) / 100];
  return { at: performance.now(), complete, cpu, workers, mb: (pages * 4096) / 1e6 };
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
