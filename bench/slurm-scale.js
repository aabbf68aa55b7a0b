// What a large run costs where it is submitted and followed, against commands that only pretend to be Slurm's:
//   node bench/slurm-scale.js [--trials 100000] [--folder DIR]
// Prints a line for each stage: seconds, the process's peak memory, calls, files.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readPipeline } from '../dist/pipeline/read-pipeline.js';
import { planPipeline } from '../dist/plan/create-plan.js';
import { createRun } from '../dist/run/create-run.js';
import { executeRun } from '../dist/run/execute-run.js';
import { slurmSettings } from '../dist/run/executors/slurm/settings.js';
import { slurmExecutor } from '../dist/run/executors/slurm/slurm-executor.js';
import { createInterruption } from '../dist/run/interruption.js';
import { provenance } from '../dist/run/provenance.js';
import { madeUpResult } from './made-up-result.js';

const SEEDS = 5;
/** So long a trial is said to take: ten share a task of five minutes. */
const TRIAL_SECONDS = 30;

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '100000' }, folder: { type: 'string' } },
});
const trials = Number(values.trials);
const folder = mkdtempSync(path.join(values.folder ?? os.tmpdir(), 'sweepline-scale-'));
const bin = path.join(folder, 'bin');
const calls = path.join(folder, 'calls');

const PIPELINE = `name: scale
data:
  source: { file: mood.csv }
  format: csv
  split: { train: 240, test: 60 }
model: { embedding: { dim: 8 }, cell: gru, hidden: 8 }
train: { epochs: 5, batch_size: 16 }
metrics: [accuracy]
sweep:
  seeds: ${SEEDS}
  random: { samples: ${trials / SEEDS}, seed: 0, space: { optimizer.lr: { log_uniform: [0.0001, 0.1] } } }
`;

/** sbatch takes everything; squeue shows all of it waiting until there is a file \`over\`, then knows nothing of it. */
function pretendSlurm() {
  mkdirSync(bin);
  const commands = {
    sbatch: `n=$(( $(cat "${folder}/jobs" 2>/dev/null || echo 0) + 1 )); echo $n >"${folder}/jobs"; echo $n`,
    squeue: `[ -e "${folder}/over" ] && exit 0
for a in "$@"; do case $a in --jobs=*) for j in $(echo "\${a#--jobs=}" | tr , ' '); do echo "$j|0-1000|PENDING|Priority|"; done;; esac; done`,
    scontrol: 'echo "MaxArraySize = 1001"',
    sacct: 'echo "Slurm accounting storage is disabled" >&2; exit 1',
  };
  for (const [name, body] of Object.entries(commands)) {
    writeFileSync(path.join(bin, name), `#!/bin/bash\necho ${name} >>"${calls}"\n${body}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  process.env.PATH = `${bin}:${process.env.PATH}`;
}

function counted(name) {
  return readFileSync(calls, 'utf8')
    .split('\n')
    .filter((line) => line === name).length;
}

async function stage(name, work, more = () => '') {
  const began = performance.now();
  const result = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`${name}: ${seconds} s, peak ${peak} MB so far${more(result)}`);
  return result;
}

try {
  pretendSlurm();
  const { plan, diagnostics } = await stage(`plan of ${trials} trials`, () =>
    planPipeline(readPipeline({ file: 'scale.yaml', text: PIPELINE }), { large: true }),
  );
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const info = { command: ['sweep'], jobs: 1, working_directory: folder, ...(await provenance(folder)) };
  const run = await stage('run folder', () =>
    createRun({ runsFolder: path.join(folder, 'runs'), plan, pipeline: PIPELINE, info }),
  );
  console.log(`  plan.json ${Math.round(statSync(run.planFile).size / 1e6)} MB`);
  const options = { settings: slurmSettings(), cache: folder, seconds: () => TRIAL_SECONDS };
  const execution = (detach) => ({
    folder: run,
    jobs: 1,
    executor: slurmExecutor({ ...options, detach }),
    interruption: createInterruption(),
    emit: () => undefined,
  });
  await stage(
    'submission',
    () => executeRun(execution(true)),
    () => `, ${counted('sbatch')} calls of sbatch`,
  );
  const files = (name) => readdirSync(path.join(run.path, name)).length;
  console.log(
    `  ${files('slurm')} files in slurm/, ${files('trials')} folders in trials/, ${files(`trials/${plan.trials[0].id}`)} file in each`,
  );
  for (const trial of plan.trials) writeFileSync(run.trial(trial.id).result, JSON.stringify(madeUpResult(trial)));
  writeFileSync(path.join(folder, 'over'), '');
  const outcome = await stage('coming back when all is done', () => executeRun(execution(false)));
  console.log(`  ${outcome.tally.complete} complete, journal ${Math.round(statSync(run.journalFile).size / 1e6)} MB`);
  const report = new URL('../bin/report.js', import.meta.url).pathname;
  const began = performance.now();
  const text = execFileSync(
    '/usr/bin/env',
    ['bash', '-c', '/usr/bin/time -f %M node "$0" "$1" 2>&1 >/dev/null | tail -1', report, run.path],
    { encoding: 'utf8' },
  );
  console.log(
    `report: ${((performance.now() - began) / 1000).toFixed(1)} s, peak ${Math.round(Number(text.trim()) / 1024)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
