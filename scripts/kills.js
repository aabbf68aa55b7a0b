/**
 * `npm run kills -- [--count 100] [--seed 1] [--json]`: kills small real runs at random instants (the parent, a worker
 * or both, by SIGKILL or SIGTERM), resumes them, and checks that nothing is lost, nothing repeated, and every final
 * result has the bits of an undisturbed run. Exits with 1 when a check fails.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PIPELINES, writeData } from './kills-pipelines.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const COUNT = Number(values.count);
const SWEEP = fileURLToPath(new URL('../bin/sweep.js', import.meta.url));
/** What a finished trial leaves. */
const FILES = ['config.json', 'metrics.ndjson', 'result.json', 'log.txt'];
const random = mulberry32(Number(values.seed));
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'sweepline-kills-')));
const tally = {};
const problems = [];
let kills = 0;
let rounds = 0;
let orphanSeconds = 0;

try {
  writeData(folder);
  const references = [];
  for (const pipeline of PIPELINES) references.push(await undisturbed(pipeline));
  while (kills < COUNT && problems.length === 0) {
    await round(references[rounds % references.length]);
    rounds++;
    if (!values.json) process.stdout.write(`\r${kills} of ${COUNT} kills in ${rounds} runs`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();

/** The results of a run that nobody kills, and how long it takes. */
async function undisturbed({ name, text }) {
  writeFileSync(path.join(folder, `${name}.yaml`), text);
  // The first time fills the data cache, so that the second is timed as the others run.
  let began = 0;
  for (let n = 0; n < 2; n++) {
    began = performance.now();
    const ended = await sweep(['run', `${name}.yaml`, '--runs', `reference-${name}-${n}`]).ended;
    if (ended.code !== 0) throw new Error(`the undisturbed run of ${name} ended with ${ended.code}:\n${ended.text}`);
  }
  const milliseconds = performance.now() - began;
  const [first, second] = [0, 1].map((n) => results(newestRun(`reference-${name}-${n}`)));
  if (first !== second) throw new Error(`two undisturbed runs of ${name} differ`);
  return { name, milliseconds, results: second };
}

/** One run, killed a few times, resumed until it is complete, and compared. */
async function round(reference) {
  const runs = `round-${rounds}`;
  const extra = random() < 0.5 ? [] : ['--checkpoint-every', '0.1s'];
  const planned = Math.min(COUNT - kills, 1 + Math.floor(random() * 4));
  let done = 0;
  for (let starts = 0; ; starts++) {
    const run = newestRun(runs);
    const args = run === null ? ['run', `${reference.name}.yaml`] : ['resume', 'latest'];
    const began = performance.now();
    const child = sweep([...args, '--runs', runs, '--retries', random() < 0.3 ? '1' : '0', ...extra]);
    while (done < planned) {
      const at = random() * reference.milliseconds;
      const gone = await Promise.race([child.ended.then(() => true), pause(at, false)]);
      if (gone) break;
      const target = ['parent', 'worker', 'both'][Math.floor(random() * 3)];
      const signal = random() < 0.5 ? 'SIGKILL' : 'SIGTERM';
      const hit = strike(child.pid, target, signal, runs);
      if (!hit) continue;
      done++;
      kills++;
      tally[`${target} ${signal}`] = (tally[`${target} ${signal}`] ?? 0) + 1;
      if (target !== 'worker') break;
    }
    const { code, text } = await child.ended;
    // Half of the time the next start meets the workers that the last one left behind.
    if (random() < 0.5) await noWorkers(runs);
    if (code === 0) break;
    if (starts > 40) return void problems.push(`${runs} (${reference.name}) does not complete:\n${text}`);
    if (performance.now() - began < 50 && done >= planned) {
      return void problems.push(`${runs}: sweep ended with ${code}:\n${text}`);
    }
  }
  await noWorkers(runs);
  check(reference, runs);
  rmSync(path.join(folder, runs), { recursive: true });
}

/** Sends the signal; false when there is no such process. */
function strike(parent, target, signal, runs) {
  const found = workers(runs);
  const worker = found[Math.floor(random() * found.length)];
  if (target !== 'parent' && worker === undefined) return false;
  const order = target === 'both' && random() < 0.5 ? [worker, parent] : [parent, worker];
  for (const pid of order.filter((one) => target === 'both' || one === (target === 'parent' ? parent : worker))) {
    try {
      process.kill(pid, signal);
    } catch {
      return false;
    }
  }
  return true;
}

/** Waits until no worker of the run lives and notes how long that took. */
async function noWorkers(runs) {
  const began = performance.now();
  while (workers(runs).length > 0) {
    if (performance.now() - began > 15_000) return void problems.push(`${runs}: workers outlive their parent`);
    await pause(20);
  }
  orphanSeconds = Math.max(orphanSeconds, (performance.now() - began) / 1000);
}

function workers(runs) {
  const inside = `${path.join(folder, runs)}${path.sep}`;
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
      return command.includes('worker.js') && command.includes(inside) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

function check(reference, runs) {
  const run = newestRun(runs);
  if (readdirSync(path.join(folder, runs)).filter((name) => /^\d{8}-/.test(name)).length !== 1) {
    problems.push(`${runs}: there is more than one run`);
  }
  if (results(run) !== reference.results) {
    problems.push(`${runs} (${reference.name}): results differ\n${reference.results}\n${results(run)}`);
  }
  const complete = new Set();
  for (const line of lines(path.join(run, 'journal.ndjson'))) {
    if (line.event === 'started' && complete.has(line.trial)) problems.push(`${runs}: ${line.trial} was repeated`);
    if (line.event === 'finished' && line.state === 'complete') {
      if (complete.has(line.trial)) problems.push(`${runs}: ${line.trial} was finished twice`);
      complete.add(line.trial);
    }
  }
  const trials = readdirSync(path.join(run, 'trials'));
  for (const trial of trials) {
    if (!complete.has(trial)) problems.push(`${runs}: the journal lacks the end of ${trial}`);
    const left = readdirSync(path.join(run, 'trials', trial)).filter((name) => !FILES.includes(name));
    if (left.length > 0) problems.push(`${runs}: ${trial} keeps ${left.join(', ')}`);
  }
}

/** Everything in the results and metrics but times. */
function results(run) {
  const trials = readdirSync(path.join(run, 'trials')).sort();
  return JSON.stringify(
    trials.map((trial) => {
      const file = (name) => path.join(run, 'trials', trial, name);
      const { state, metrics, epochs, weights_digest, generated } = JSON.parse(
        readFileSync(file('result.json'), 'utf8'),
      );
      const written = lines(file('metrics.ndjson')).map(figures);
      return { trial, state, metrics, epochs: epochs.map(figures), written, weights_digest, generated };
    }),
  );
}

function figures({ epoch, train, validation, test, lr, batches }) {
  return { epoch, train, validation, test, lr, batches };
}

function lines(file) {
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
}

function newestRun(runs) {
  const place = path.join(folder, runs);
  const found = existsSync(place) ? readdirSync(place).filter((name) => /^\d{8}-/.test(name)) : [];
  return found.length === 0 ? null : path.join(place, found.sort().at(-1));
}

function sweep(args) {
  const child = spawn(process.execPath, [SWEEP, ...args, '--jobs', '2', '--no-report'], {
    cwd: folder,
    env: { ...process.env, SWEEPLINE_CACHE: path.join(folder, 'cache'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text = (text + chunk).slice(-4000);
    });
  }
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal, text })));
  return { pid: child.pid, ended };
}

function report() {
  const outcome = { kills, runs: rounds, by: tally, longest_orphan_seconds: orphanSeconds, problems };
  if (values.json) {
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  } else {
    process.stdout.write(
      `\n${Object.entries(tally)
        .sort()
        .map(([what, n]) => `${what}: ${n}`)
        .join('\n')}\n`,
    );
    process.stdout.write(`workers were gone ${orphanSeconds.toFixed(2)} s after their parent at the latest\n`);
    process.stdout.write(problems.length === 0 ? `${kills} kills, 0 problems\n` : `${problems.join('\n')}\n`);
  }
  process.exitCode = problems.length === 0 && kills >= COUNT ? 0 : 1;
}

/** A small seeded generator, so that a failing round can be run again. */
function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
