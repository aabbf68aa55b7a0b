import { appendFile, chmod, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunFolder } from '../../../src/run/run-folder.js';
import type { TrialResult } from '../../../src/trial/result.js';

const COMMANDS = ['sbatch', 'squeue', 'sacct', 'scancel', 'scontrol', 'sinfo', 'task'];
const SCRIPT = fileURLToPath(new URL('../fixtures/fake-slurm.mjs', import.meta.url));

export interface Rules {
  /** The controller does not answer. */
  readonly away?: boolean;
  /** What sbatch says instead of taking a job, one text a call; `lost` takes it and loses the answer; null takes it. */
  readonly refuse?: readonly (string | { readonly lost: true } | null)[];
  readonly accounting?: boolean;
  /** Tasks really run. */
  readonly run?: boolean;
  readonly maxArraySize?: number;
  readonly noRequeue?: boolean;
}

export interface FakeTask {
  readonly state: string;
  readonly reason?: string;
  readonly host?: string;
  /** What sacct says, where it differs: `CANCELLED by 1000`. */
  readonly account?: string;
  readonly exit?: string;
  readonly memory?: string;
}

/** Slurm's commands on PATH, whose answers a test decides. */
export interface FakeCluster {
  readonly folder: string;
  /** The folder of the commands. */
  readonly bin: string;
  rule(rules: Rules): Promise<void>;
  task(key: string, task: FakeTask): Promise<void>;
  calls(command: string): Promise<readonly { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv }[]>;
}

/** Makes the commands and puts them first on the PATH of this process. */
export async function fakeCluster(rules: Rules = {}): Promise<FakeCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sweepline-slurm-'));
  const bin = path.join(folder, 'bin');
  await mkdir(path.join(folder, 'tasks'), { recursive: true });
  await mkdir(bin);
  await writeFile(path.join(bin, 'package.json'), '{ "type": "module" }');
  for (const command of COMMANDS) {
    const text = await readFile(SCRIPT, 'utf8');
    await writeFile(path.join(bin, command), `#!${process.execPath}\n${text}`);
    await chmod(path.join(bin, command), 0o755);
  }
  const write = async (file: string, value: unknown): Promise<void> => {
    await writeFile(`${file}.test`, JSON.stringify(value));
    await rename(`${file}.test`, file);
  };
  const cluster: FakeCluster = {
    folder,
    bin,
    rule: (changed) => write(path.join(folder, 'rules.json'), changed),
    async task(key, task) {
      const file = path.join(folder, 'tasks', `${key}.json`);
      await write(file, { ...JSON.parse(await readFile(file, 'utf8')), reason: '', host: 'node1', ...task });
    },
    async calls(command) {
      const text = await readFile(path.join(folder, 'calls.ndjson'), 'utf8').catch(() => '');
      // A line that a command is just writing is not one yet.
      const all = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
      return all
        .slice(0, -1)
        .map((line) => JSON.parse(line))
        .filter((call) => call.command === command);
    },
  };
  await cluster.rule(rules);
  process.env.PATH = `${bin}:${ORIGINAL_PATH}`;
  process.env.FAKE_SLURM = folder;
  return cluster;
}

const ORIGINAL_PATH = process.env.PATH;

/** What the task of a compute node writes into a trial's folder. */
export function nodeTask(run: RunFolder, array: number, job: string) {
  const story = async (trial: string, event: object): Promise<void> => {
    await mkdir(run.trial(trial).path, { recursive: true });
    const line = JSON.stringify({ time: new Date().toISOString(), ...event });
    await appendFile(path.join(run.trial(trial).path, 'events.ndjson'), `${line}\n`);
  };
  return {
    begin: (trial: string) => story(trial, { event: 'started', array, job, host: 'node1', pid: 7 }),
    epoch: (trial: string, epoch: number) => story(trial, { event: 'epoch', epoch }),
    async end(trial: string, state: TrialResult['state'], more: { stopped?: string; peak?: number } = {}) {
      await run.writeResult(resultOf(trial, state));
      const { stopped, peak = 0 } = more;
      const why = stopped === undefined ? {} : { stopped };
      await story(trial, { event: 'ended', state, seconds: 2, peak_memory_bytes: peak, ...why });
    },
    result: (trial: string, state: TrialResult['state']) => run.writeResult(resultOf(trial, state)),
  };
}

function resultOf(trial: string, state: TrialResult['state']): TrialResult {
  const seed = Number(trial.split('-s')[1]);
  const timing = { total_seconds: 2, startup_seconds: 0, data_seconds: 0, train_seconds: 1, evaluate_seconds: 1 };
  return {
    schema: 1,
    trial,
    arm: '001-lstm',
    seed,
    hash: `hash-${seed}`,
    state,
    metrics: {},
    epochs: [],
    timing: { ...timing, batches_per_second: 1, tokens_per_second: 1 },
    engine: null,
    model: null,
    data: null,
    peak_memory_bytes: 0,
    warnings: [],
    ...(state === 'complete' ? {} : { error: { code: 'TEST', message: `it ${state}` } }),
  };
}
