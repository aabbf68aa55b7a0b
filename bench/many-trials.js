/**
 * `node bench/many-trials.js [--trials 5000] [--jobs N]`: a run of tiny trials, to see what a trial costs besides its
 * training, how busy the parent is, and whether its memory grows. Prints a line of JSON at the end.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '5000' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});
const TRIALS = Number(values.trials);
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
  const samples = [];
  const timer = setInterval(() => samples.push(sample(child.pid)), 1000);
  let started = 0;
  let text = '';
  child.stdout.on('data', (chunk) => {
    text = (text + chunk).slice(-1000);
    if (started === 0 && text.includes('"started"')) started = performance.now();
  });
  const code = await new Promise((done) => child.on('exit', done));
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  const trialSeconds = (performance.now() - started) / 1000;
  const running = samples.filter((one) => one !== null && one.at >= started);
  const [first, last] = [running[0], running.at(-1)];
  return {
    trials: readdirSync(path.join(folder, 'runs')).length > 0 ? TRIALS : 0,
    jobs: Number(values.jobs),
    exit_code: code,
    seconds: round(seconds),
    seconds_per_trial_and_job: round((trialSeconds * Number(values.jobs)) / TRIALS),
    parent_core_share: round((last.cpu - first.cpu) / ((last.at - first.at) / 1000)),
    parent_ms_per_trial: round(
      (1000 * (last.cpu - first.cpu)) / (TRIALS * ((last.at - first.at) / 1000 / trialSeconds)),
    ),
    parent_memory_mb: { first_quarter: median(quarter(running, 0)), last_quarter: median(quarter(running, 3)) },
  };
}

/** The CPU seconds (user and system, its own) and resident megabytes of a process (proc(5), stat and statm). */
function sample(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { at: performance.now(), cpu: (Number(fields[11]) + Number(fields[12])) / 100, mb: (pages * 4096) / 1e6 };
  } catch {
    return null;
  }
}

function quarter(samples, n) {
  return samples.slice(Math.floor((n * samples.length) / 4), Math.ceil(((n + 1) * samples.length) / 4));
}

function median(samples) {
  const sorted = samples.map(({ mb }) => mb).sort((a, b) => a - b);
  return round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

function round(value) {
  return Math.round(value * 10_000) / 10_000;
}
