import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan, Trial } from '../../src/plan/plan.js';
import type { TrialConfig } from '../../src/plan/trial-config.js';
import { createRun, type NewRun } from '../../src/run/create-run.js';
import type { RunFolder } from '../../src/run/run-folder.js';

export const fakeWorker = fileURLToPath(new URL('./fixtures/fake-worker.mjs', import.meta.url));

/** One thing that the fake worker does. */
export type Step = { readonly do: string; readonly [key: string]: unknown };

/** What the fake workers do, by trial; trials that are not named do `default`, else complete at once. */
export type Scripts = { readonly [trial: string]: readonly Step[] };

/** A plan of one arm whose trials are called `001-lstm-s0`, `001-lstm-s1`, … */
export function samplePlan(trials: number): Plan {
  return {
    schema: 1,
    name: 'sample',
    arms: [{ id: '001-lstm', label: 'base', settings: {} }],
    trials: Array.from({ length: trials }, (_, seed) => sampleTrial(seed)),
  };
}

export function sampleTrial(seed: number, timeout: number | null = null): Trial {
  const engine = { name: 'native', device: 'any', variant: null };
  // Only what the run looks at: the configuration is the worker's to read.
  const config = { train: { epochs: 2, timeout }, engine } as unknown as TrialConfig;
  return { id: `001-lstm-s${seed}`, arm: '001-lstm', seed, config, hash: `hash-${seed}` };
}

export const sampleInfo: NewRun['info'] = {
  command: ['sweep', 'sample.yaml'],
  jobs: 1,
  working_directory: '/work',
  sweepline: '0.1.0',
  node: 'v20.0.0',
  machine: { host: 'here', platform: 'linux-x64', cpu: 'a processor', cores: 2, memory_bytes: 1024 },
  git: null,
};

export async function sampleFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sweepline-run-'));
}

/** A run in a folder of its own, with what its fake workers do. */
export async function sampleRun(trials: number | Plan, scripts: Scripts = {}): Promise<RunFolder> {
  const folder = await sampleFolder();
  await scriptWorkers(folder, scripts);
  const plan = typeof trials === 'number' ? samplePlan(trials) : trials;
  return createRun({ runsFolder: join(folder, 'runs'), plan, pipeline: 'name: sample\n', info: sampleInfo });
}

/** Says what the fake workers started from now on do. */
export async function scriptWorkers(folder: string, scripts: Scripts): Promise<void> {
  const path = join(folder, 'scripts.json');
  await writeFile(path, JSON.stringify(scripts));
  process.env.SWEEPLINE_FAKE_SCRIPTS = path;
}
