import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sendRequest } from '../../../src/run/control.js';
import { executeRun, type RunOutcome } from '../../../src/run/execute-run.js';
import { slurmSettings, type WrittenSlurm } from '../../../src/run/executors/slurm/settings.js';
import { slurmExecutor } from '../../../src/run/executors/slurm/slurm-executor.js';
import { createInterruption, type Interruption } from '../../../src/run/interruption.js';
import type { RunEvent } from '../../../src/run/run-events.js';
import type { RunFolder } from '../../../src/run/run-folder.js';
import { readStatus } from '../../../src/run/run-status.js';
import type { SchedulePolicy } from '../../../src/run/schedule-policy.js';
import { sampleRun } from '../sample-run.js';
import { type FakeCluster, fakeCluster, nodeTask, type Rules } from './fake-cluster.js';

interface Watched {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly said: readonly string[];
}

interface Options {
  readonly settings?: WrittenSlurm;
  readonly interruption?: Interruption;
  readonly policy?: Partial<SchedulePolicy>;
  readonly detach?: boolean;
  readonly onlyFollow?: boolean;
  /** Expected seconds of every trial. */
  readonly seconds?: number | null;
  readonly patienceMs?: number;
  /** What the cluster does when something was told. */
  readonly on?: (event: RunEvent) => Promise<void> | void;
}

async function run(folder: RunFolder, options: Options = {}): Promise<Watched> {
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
    ...(options.policy === undefined ? {} : { policy: { backOff: () => 1, ...options.policy } }),
    emit(event) {
      events.push(event);
      acted = acted.then(() => options.on?.(event));
    },
  });
  await acted;
  const said = events.flatMap((event) => (event.event === 'cluster' ? [event.message] : []));
  return { outcome, events, said };
}

async function begun(trials: number, rules: Rules = {}): Promise<{ cluster: FakeCluster; folder: RunFolder }> {
  return { cluster: await fakeCluster(rules), folder: await sampleRun(trials) };
}

const S = (seed: number): string => `001-lstm-s${seed}`;

async function errorOf(folder: RunFolder, seed: number) {
  const result = await folder.readResult({ id: S(seed), hash: `hash-${seed}` });
  return `${result?.state} ${result?.error?.code}: ${result?.error?.message}`;
}

async function journal(folder: RunFolder): Promise<readonly string[]> {
  return (await folder.readJournal()).map((line) => {
    const trial = 'trial' in line ? ` ${line.trial.slice(-2)}` : '';
    return `${line.event}${trial}${'state' in line ? ` ${line.state}` : ''}`;
  });
}

/** Every task of a submission runs its trials to their ends. */
function completing(cluster: FakeCluster, folder: RunFolder) {
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
function firstThen(first: (job: string) => Promise<void>, cluster: FakeCluster, folder: RunFolder) {
  const rest = completing(cluster, folder);
  return async (event: RunEvent): Promise<void> => {
    if (event.event === 'submitted') await (event.job === '101' ? first(event.job) : rest(event));
  };
}

test('trials become the tasks of one array, and their stories the journal', async () => {
  const { cluster, folder } = await begun(2);
  const { outcome, events } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      const node = nodeTask(folder, 1, `${event.job}_0`);
      await node.begin(S(0));
      await node.epoch(S(0), 1);
      await node.end(S(0), 'complete');
      const second = nodeTask(folder, 1, `${event.job}_1`);
      await second.begin(S(1));
      await second.end(S(1), 'diverged');
      for (const key of [`${event.job}_0`, `${event.job}_1`]) await cluster.task(key, { state: 'COMPLETED' });
    },
  });
  expect(outcome).toMatchObject({ state: 'failed', tally: { complete: 1, diverged: 1 } });
  expect(await journal(folder)).toEqual([
    'run-started',
    'queued s0',
    'queued s1',
    'submitted',
    'started s0',
    'epoch s0',
    'finished s0 complete',
    'started s1',
    'finished s1 diverged',
    'run-finished failed',
  ]);
  expect(events.find(({ event }) => event === 'submitted')).toMatchObject({ job: '101', tasks: 2, trials: 2 });
  const started = (await folder.readJournal()).find(({ event }) => event === 'started');
  expect(started).toMatchObject({ job: '101_0', host: 'node1', attempt: 1 });
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('one call of squeue asks for the tasks of all arrays, which are split at the largest size', async () => {
  const { cluster, folder } = await begun(5, { maxArraySize: 2 });
  const { outcome } = await run(folder, { on: completing(cluster, folder) });
  expect(outcome.tally.complete).toBe(5);
  const submitted = await cluster.calls('sbatch');
  const arrays = submitted.map(({ args }) => args.find((arg) => arg.startsWith('--array')));
  expect(arrays).toEqual(['--array=0-1', '--array=0-1', '--array=0-0']);
  const asked = (await cluster.calls('squeue')).map(({ args }) => args.find((arg) => arg.startsWith('--jobs')));
  expect(asked).toContain('--jobs=101,102,103');
});

test('short trials share tasks, and a limit on tasks at once holds over all arrays', async () => {
  const { cluster, folder } = await begun(6, { maxArraySize: 2 });
  const settings = { max_parallel: 3, min_task_minutes: 1 };
  const { outcome } = await run(folder, { seconds: 30, settings, on: completing(cluster, folder) });
  expect(outcome.tally.complete).toBe(6);
  const { tasks } = JSON.parse(await readFile(`${folder.path}/slurm/array-1.json`, 'utf8'));
  expect(tasks).toEqual([
    [S(0), S(1)],
    [S(2), S(3)],
  ]);
  const [first, second] = await cluster.calls('sbatch');
  expect(first!.args).toContain('--array=0-1%3');
  expect(second!.args).toContain('--dependency=afterany:101');
});

test('a trial whose node failed is submitted again, as often as max_requeues says', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome, events } = await run(folder, {
    settings: { max_requeues: 2 },
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, Number(event.job) - 100, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'NODE_FAIL' });
    },
  });
  expect(outcome.tally.killed).toBe(1);
  expect(await errorOf(folder, 0)).toBe(
    'killed SLURM_LOST: its task 103_0 was lost (NODE_FAIL on node1), again (executor.slurm.max_requeues)',
  );
  expect(events.filter(({ event }) => event === 'retrying')).toMatchObject([
    { attempt: 2, reason: 'its task 101_0 was lost (NODE_FAIL on node1)' },
    { attempt: 3 },
  ]);
});

test.each([
  ['preempted', 'PREEMPTED'],
  ['timed out without a word', 'TIMEOUT'],
  ['forgotten, and nobody keeps accounts', 'FORGOTTEN'],
])('a trial goes on whose task was %s', async (_, state) => {
  const { cluster, folder } = await begun(1);
  const lose = async (job: string): Promise<void> => {
    await nodeTask(folder, 1, `${job}_0`).begin(S(0));
    await cluster.task(`${job}_0`, { state });
  };
  const { outcome } = await run(folder, { on: firstThen(lose, cluster, folder) });
  expect(outcome).toMatchObject({ state: 'complete' });
  expect(await cluster.calls('sbatch')).toHaveLength(2);
});

test('a task that stopped before its time limit and could not be requeued is submitted again', async () => {
  const { cluster, folder } = await begun(1);
  const stop = async (job: string): Promise<void> => {
    const node = nodeTask(folder, 1, `${job}_0`);
    await node.begin(S(0));
    await node.end(S(0), 'cancelled', { stopped: 'time-limit' });
    await cluster.task(`${job}_0`, { state: 'COMPLETED' });
  };
  const { outcome, events } = await run(folder, { on: firstThen(stop, cluster, folder) });
  expect(outcome.state).toBe('complete');
  expect(events.find(({ event }) => event === 'retrying')).toMatchObject({
    reason: 'its task 101_0 reached its time limit',
  });
});

test('a task that Slurm starts again is followed, not replaced', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome, events } = await run(folder, {
    async on(event) {
      const node = nodeTask(folder, 1, '101_0');
      if (event.event === 'submitted') {
        await node.begin(S(0));
        await node.epoch(S(0), 1);
        await node.end(S(0), 'cancelled', { stopped: 'signal' });
        await cluster.task('101_0', { state: 'RUNNING' });
      }
      if (event.event === 'started' && event.attempt === 1) {
        await cluster.task('101_0', { state: 'PENDING', reason: 'BeginTime' });
      }
      if (event.event === 'cluster' && event.message.includes('BeginTime')) {
        await node.begin(S(0));
        await node.end(S(0), 'complete');
        await cluster.task('101_0', { state: 'COMPLETED' });
      }
    },
  });
  expect(outcome.state).toBe('complete');
  expect(events.filter(({ event }) => event === 'started')).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('out of memory is called that, with the peak that sacct saw', async () => {
  const { cluster, folder } = await begun(2, { accounting: true });
  const { outcome } = await run(folder, {
    settings: { memory: '4G' },
    async on(event) {
      if (event.event !== 'submitted') return;
      for (const seed of [0, 1]) {
        const node = nodeTask(folder, 1, `${event.job}_${seed}`);
        await node.begin(S(seed));
        if (seed === 1) await node.end(S(1), 'killed', { peak: 5 * 2 ** 30 });
        const memory = seed === 0 ? '3984588K' : '';
        await cluster.task(`${event.job}_${seed}`, { state: 'OUT_OF_MEMORY', memory, exit: '0:125' });
      }
    },
  });
  expect(outcome.tally.killed).toBe(2);
  const text = 'took more than it may (executor.slurm.memory: 4G); its peak was';
  expect(await errorOf(folder, 0)).toBe(`killed TRIAL_OUT_OF_MEMORY: out of memory: its task 101_0 ${text} 3.80 GiB`);
  expect(await errorOf(folder, 1)).toBe(`killed TRIAL_OUT_OF_MEMORY: out of memory: its task 101_1 ${text} 5.00 GiB`);
});

test('a cancelled task says by whom; a resume goes on with its trial', async () => {
  const { cluster, folder } = await begun(2, { accounting: true });
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      for (const key of [`${event.job}_0`, `${event.job}_1`]) {
        await cluster.task(key, { state: 'CANCELLED', account: 'CANCELLED by 1000' });
      }
    },
  });
  expect(outcome).toMatchObject({ state: 'failed', tally: { cancelled: 2 } });
  expect(await errorOf(folder, 0)).toBe(
    'cancelled TRIAL_CANCELLED: its task 101_0 was cancelled by user 1000 (scancel)',
  );
  expect((await run(folder, { on: completing(cluster, folder) })).outcome.state).toBe('complete');
});

test('a retry of the policy submits a cancelled trial again', async () => {
  const { cluster, folder } = await begun(1);
  const cancel = (job: string): Promise<void> => cluster.task(`${job}_0`, { state: 'CANCELLED' });
  const { outcome } = await run(folder, { policy: { retries: 1 }, on: firstThen(cancel, cluster, folder) });
  expect(outcome.state).toBe('complete');
});

test('a task that fails before its trial says so with the end of its log', async () => {
  const { cluster, folder } = await begun(1);
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await writeFile(`${folder.path}/slurm/logs/${event.job}_0.log`, 'module: command not found\n');
      await cluster.task(`${event.job}_0`, { state: 'FAILED', exit: '127:0' });
    },
  });
  expect(outcome.tally.failed).toBe(1);
  expect(await errorOf(folder, 0)).toBe(
    'failed WORKER_START: its task 101_0 ended (FAILED on node1) before it began:\nmodule: command not found',
  );
});

test('a result that a shared file system shows late is waited for', async () => {
  const { cluster, folder } = await begun(1);
  let looks = 0;
  const { outcome } = await run(folder, {
    patienceMs: 5000,
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'COMPLETED' });
      looks = (await cluster.calls('squeue')).length;
      // Seen after the cluster has been asked a few more times.
      while ((await cluster.calls('squeue')).length < looks + 3) await new Promise((done) => setImmediate(done));
      await nodeTask(folder, 1, `${event.job}_0`).end(S(0), 'complete');
    },
  });
  expect(outcome.state).toBe('complete');
});

test('a task that ended without a trace is lost once the wait is over', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, {
    async on(event) {
      if (event.event !== 'submitted') return;
      await nodeTask(folder, 1, `${event.job}_0`).begin(S(0));
      await cluster.task(`${event.job}_0`, { state: 'COMPLETED' });
    },
  });
  expect(await errorOf(folder, 0)).toBe(
    'failed WORKER_LOST: its task 101_0 ended (COMPLETED on node1) without a result',
  );
});

test('a controller that is away is told once, and nothing is lost', async () => {
  const { cluster, folder } = await begun(1);
  const finish = completing(cluster, folder);
  const { outcome, said } = await run(folder, {
    async on(event) {
      if (event.event === 'submitted') {
        await cluster.rule({ away: true });
        await finish(event);
      }
      if (event.event === 'cluster') await cluster.rule({});
    },
  });
  expect(outcome.state).toBe('complete');
  expect(said.filter((text) => text.includes('does not answer'))).toHaveLength(1);
});

test('a submission whose answer was lost is found by its name', async () => {
  const { cluster, folder } = await begun(1, { refuse: [{ lost: true }] });
  const { outcome } = await run(folder, { on: completing(cluster, folder) });
  expect(outcome.state).toBe('complete');
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('what the cluster has no room for is submitted once it has', async () => {
  const busy = "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
  const { cluster, folder } = await begun(2, { maxArraySize: 1, refuse: [null, busy] });
  const { outcome, said } = await run(folder, { on: completing(cluster, folder) });
  expect(said).toContain(`the cluster does not take more jobs now: Batch job submission failed: ${busy}`);
  expect(outcome.state).toBe('complete');
});

test('a job that sbatch refuses ends the run with its words and what to do', async () => {
  const { folder } = await begun(1, { refuse: ['Invalid partition name specified'] });
  const refused = await run(folder).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'SLURM_REFUSED',
    message: 'sbatch refused the job: Batch job submission failed: Invalid partition name specified',
    hint: 'executor.slurm.partition: there is all, long',
  });
});

test('stopping cancels the jobs and waits until none is left', async () => {
  const { cluster, folder } = await begun(2);
  const interruption = createInterruption();
  const { outcome } = await run(folder, {
    interruption,
    async on(event) {
      if (event.event === 'submitted') {
        await nodeTask(folder, 1, '101_0').begin(S(0));
        await cluster.task('101_0', { state: 'RUNNING' });
      }
      if (event.event === 'started') interruption.request('SIGINT');
    },
  });
  expect(outcome).toMatchObject({ state: 'interrupted', tally: { cancelled: 1, pending: 1 } });
  expect((await cluster.calls('scancel')).map(({ args }) => args)).toEqual([['101']]);
  expect(await errorOf(folder, 0)).toBe('cancelled TRIAL_CANCELLED: cancelled by an interrupt');
});

test('a run that is left goes on, and who comes back finds what happened meanwhile', async () => {
  const { cluster, folder } = await begun(3);
  const { outcome } = await run(folder, { detach: true });
  expect(outcome).toMatchObject({ state: 'detached', tally: { pending: 3 } });
  const node = nodeTask(folder, 1, '101_0');
  await node.begin(S(0));
  await node.end(S(0), 'complete');
  await cluster.task('101_0', { state: 'COMPLETED' });
  await nodeTask(folder, 1, '101_1').begin(S(1));
  await cluster.task('101_1', { state: 'RUNNING' });
  const status = await readStatus(folder);
  expect(status).toMatchObject({
    state: 'detached',
    tally: { complete: 1, pending: 2 },
    running: [{ trial: S(1) }],
    cluster: { running: 1, waiting: 1, reasons: ['Priority'] },
  });
  const back = await run(folder, {
    async on(event) {
      if (event.event !== 'started') return;
      await nodeTask(folder, 1, '101_1').end(S(1), 'complete');
      const last = nodeTask(folder, 1, '101_2');
      if (event.trial === S(1)) await last.begin(S(2));
      await last.end(S(2), 'complete');
      for (const key of ['101_1', '101_2']) await cluster.task(key, { state: 'COMPLETED' });
    },
  });
  expect(back.outcome).toMatchObject({ state: 'complete', tally: { complete: 3 } });
  expect(await cluster.calls('sbatch')).toHaveLength(1);
});

test('a process that died while it submitted left nothing that runs twice', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, { detach: true });
  // As if it had died before it could write the job down.
  const kept = (await readFile(folder.journalFile, 'utf8')).split('\n').filter((line) => !line.includes('submitted'));
  await writeFile(folder.journalFile, kept.join('\n'));
  const node = nodeTask(folder, 1, '101_0');
  await node.begin(S(0));
  await node.end(S(0), 'complete');
  await cluster.task('101_0', { state: 'COMPLETED' });
  await folder.removeResult(S(0));
  await cluster.task('101_0', { state: 'RUNNING' });
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event === 'started') await node.end(S(0), 'complete');
    },
  });
  expect(outcome.state).toBe('complete');
  expect(await cluster.calls('sbatch')).toHaveLength(1);
  expect(await journal(folder)).toContain('submitted');
});

test('who only follows does not run again what was cancelled meanwhile; who resumes does', async () => {
  const { cluster, folder } = await begun(1);
  await run(folder, { detach: true });
  await cluster.task('101_0', { state: 'CANCELLED' });
  expect((await run(folder, { onlyFollow: true })).outcome.tally.cancelled).toBe(1);
  expect((await run(folder, { on: completing(cluster, folder) })).outcome.state).toBe('complete');
});

test('one trial can be cancelled before it begins, and its task with it', async () => {
  const { cluster, folder } = await begun(2);
  const { outcome } = await run(folder, {
    async on(event) {
      if (event.event === 'submitted') await sendRequest(folder, { ask: 'cancel-trial', trial: S(1) });
      if (event.event === 'finished' && event.trial === S(1)) {
        const node = nodeTask(folder, 1, '101_0');
        await node.begin(S(0));
        await node.end(S(0), 'complete');
        await cluster.task('101_0', { state: 'COMPLETED' });
      }
    },
  });
  expect(outcome.tally).toMatchObject({ complete: 1, cancelled: 1 });
  expect((await cluster.calls('scancel')).map(({ args }) => args)).toEqual([['101_1']]);
});

test('a limit on failures ends the jobs and skips what has not begun', async () => {
  const { cluster, folder } = await begun(3);
  const { outcome } = await run(folder, {
    policy: { maxFailures: 1 },
    async on(event) {
      if (event.event !== 'submitted') return;
      const node = nodeTask(folder, 1, '101_0');
      await node.begin(S(0));
      await node.end(S(0), 'failed');
      await cluster.task('101_0', { state: 'COMPLETED' });
    },
  });
  expect(outcome.tally).toMatchObject({ failed: 1, skipped: 2 });
});

test('logs that say nothing are removed', async () => {
  const { cluster, folder } = await begun(1);
  const finish = completing(cluster, folder);
  await run(folder, {
    async on(event) {
      if (event.event === 'submitted') await writeFile(`${folder.path}/slurm/logs/${event.job}_0.log`, '');
      await finish(event);
    },
  });
  expect(await readdir(`${folder.path}/slurm/logs`)).toEqual([]);
  expect((await stat(`${folder.path}/slurm/array-1.sh`)).isFile()).toBe(true);
});
