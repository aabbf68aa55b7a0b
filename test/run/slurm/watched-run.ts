import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { executeRun, type RunOutcome } from '../../../src/run/execute-run.js';
import { slurmSettings, type WrittenSlurm } from '../../../src/run/executors/slurm/settings.js';
import { slurmExecutor } from '../../../src/run/executors/slurm/slurm-executor.js';
import { createInterruption, type Interruption } from '../../../src/run/interruption.js';
import type { RunEvent } from '../../../src/run/run-events.js';
import type { RunFolder } from '../../../src/run/run-folder.js';
import type { SchedulePolicy } from '../../../src/run/schedule-policy.js';
import { errorsOf } from '../../run-schema.js';
import { sampleRun } from '../sample-run.js';
import { type FakeCluster, fakeCluster, nodeTask, type Rules } from './fake-cluster.js';

export interface Watched {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly said: readonly string[];
}

export interface Options {
  readonly settings?: WrittenSlurm;
  readonly interruption?: Interruption;
  readonly policy?: Partial<SchedulePolicy>;
  readonly detach?: boolean;
  readonly onlyFollow?: boolean;
  /** Expected seconds of every trial. */
  readonly seconds?: number | null;
  readonly patienceMs?: number;
  /** Trials to run again, whatever their fate. */
  readonly again?: ReadonlySet<string>;
  /** What the cluster does when something was told. */
  readonly on?: (event: RunEvent) => Promise<void> | void;
}

export async function run(folder: RunFolder, options: Options = {}): Promise<Watched> {
  const events: RunEvent[] = [];
  const { patienceMs = 60, seconds = null } = options;
  let acted: Promise<void> = Promise.resolve();
  const outcome = await executeRun({
    folder,
    jobs: 1,
    executor: slurmExecutor({
      settings: slurmSettings({ min_task_minutes: 1 }, options.settings ?? {}),
      cache: '/cache',
      seconds: () => seconds,
      detach: options.detach === true,
      onlyFollow: options.onlyFollow === true,
      pace: { firstMs: 20, mostMs: 100, patienceMs, busyMs: 20 },
    }),
    interruption: options.interruption ?? createInterruption(),
    ...(options.again === undefined ? {} : { again: options.again }),
    ...(options.policy === undefined ? {} : { policy: { backOff: () => 1, ...options.policy } }),
    emit(event) {
      events.push(event);
      acted = acted.then(() => options.on?.(event));
    },
  });
  await acted;
  for (const line of await folder.readJournal()) expect(errorsOf('journalEvent', line)).toEqual([]);
  const said = events.flatMap((event) => (event.event === 'cluster' ? [event.message] : []));
  return { outcome, events, said };
}

export async function begun(trials: number, rules: Rules = {}): Promise<{ cluster: FakeCluster; folder: RunFolder }> {
  return { cluster: await fakeCluster(rules), folder: await sampleRun(trials) };
}

export const S = (seed: number): string => `001-lstm-s${seed}`;

export async function errorOf(folder: RunFolder, seed: number) {
  const result = await folder.readResult({ id: S(seed), hash: `hash-${seed}` });
  return `${result?.state} ${result?.error?.code}: ${result?.error?.message}`;
}

export async function journal(folder: RunFolder): Promise<readonly string[]> {
  return (await folder.readJournal()).map((line) => {
    const trial = 'trial' in line ? ` ${line.trial.slice(-2)}` : '';
    return `${line.event}${trial}${'state' in line ? ` ${line.state}` : ''}`;
  });
}

/** Every task of a submission runs its trials to their ends. */
export function completing(cluster: FakeCluster, folder: RunFolder) {
  return async (event: RunEvent): Promise<void> => {
    if (event.event !== 'submitted') return;
    const { script } = JSON.parse(await readFile(`${cluster.folder}/tasks/${event.job}_0.json`, 'utf8'));
    const { array, tasks } = JSON.parse(await readFile(script.replace(/sh$/, 'json'), 'utf8'));
    for (const [index, trials] of (tasks as string[][]).entries()) {
      const node = nodeTask(folder, array, `${event.job}_${index}`);
      for (const trial of trials) {
        await node.begin(trial);
        await node.end(trial, 'complete');
      }
      await cluster.task(`${event.job}_${index}`, { state: 'COMPLETED' });
    }
  };
}

/** The first submission goes wrong as told; later ones complete. */
export function firstThen(first: (job: string) => Promise<void>, cluster: FakeCluster, folder: RunFolder) {
  const rest = completing(cluster, folder);
  return async (event: RunEvent): Promise<void> => {
    if (event.event === 'submitted') await (event.job === '101' ? first(event.job) : rest(event));
  };
}
