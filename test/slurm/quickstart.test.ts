import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun } from '../../src/run/open-run.js';
import { holdUntilTold } from './hold.js';
import { type RealCluster, realCluster, type SweepRun, whyNoCluster } from './real-cluster.js';

const QUICKSTART = fileURLToPath(new URL('../../pipelines/quickstart.yaml', import.meta.url));
/** The true pipeline on all of its data, one seed and the cells that are done soonest, but not before Slurm ends them. */
const SMALL = [
  'train.epochs=10',
  'sweep.seeds=1',
  'sweep.grid={model.cell: [rnn, gru], model.pooling: [mean, max]}',
].flatMap((setting) => ['--set', setting]);
const why = whyNoCluster();
if (why !== null) process.stderr.write(`\nSKIPPED: the tests on a real Slurm: ${why}\n\n`);

let cluster: RealCluster;

beforeAll(() => {
  if (why === null) cluster = realCluster();
});
afterAll(() => cluster?.down());

/** Everything of a run's results that must not depend on where it ran. */
async function bits(runs: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = await openRun('latest', path.join(cluster.folder, runs));
  const { trials } = await folder.readPlan();
  const found: Record<string, unknown> = {};
  for (const trial of trials) {
    const result = await folder.readResult(trial);
    const epochs = result?.epochs.map(({ epoch, train, test, lr, batches }) => ({ epoch, train, test, lr, batches }));
    const { state, metrics, weights_digest, model, data, engine } = result ?? {};
    found[trial.id] = { hash: trial.hash, state, metrics, epochs, weights_digest, model, data, engine };
  }
  return found;
}

async function lines(run: SweepRun, on: (event: Record<string, unknown>) => void = () => {}) {
  const seen: Record<string, unknown>[] = [];
  for await (const event of run.events) {
    seen.push(event);
    on(event);
  }
  return { seen, ...(await run.ended) };
}

async function jobOf(runs: string, trial: unknown): Promise<string> {
  const folder = await openRun('latest', path.join(cluster.folder, runs));
  const started = (await folder.readJournal()).findLast((event) => event.event === 'started' && event.trial === trial);
  return (started as { readonly job: string }).job;
}

describe.skipIf(why !== null)('on a real Slurm', () => {
  test('the quick start loses tasks to a requeue, a time limit and scancel, and ends with the bits of a local run', async () => {
    const local = await lines(cluster.sweep(QUICKSTART, ...SMALL, '--runs', 'here', '--json', '--no-report'));
    expect(local.code, local.stderr).toBe(0);

    const settings = ['time=1', 'min_task_minutes=0'].flatMap((text) => ['--set', `executor.slurm.${text}`]);
    const args = [QUICKSTART, ...SMALL, ...settings, '--executor', 'slurm', '--runs', 'there', '--json', '--no-report'];
    const begun: string[] = [];
    const lost: Record<string, string> = {};
    let held: Promise<void> = Promise.resolve();
    // A task that starts again waits until its old credentials are void; here it need not.
    const hurry = setInterval(() => {
      for (const task of cluster.slurm('squeue', '--noheader', '--states=PENDING', '--format=%F_%K|%r').split('\n')) {
        const [key, reason] = task.split('|');
        if (reason === 'BeginTime') cluster.slurm('scontrol', 'update', `JobId=${key}`, 'StartTime=now');
      }
    }, 3000);
    const there = await lines(cluster.sweep(...args), async (event) => {
      if (event.event !== 'started' || event.attempt !== 1) return;
      const trial = String(event.trial);
      const how = ['requeue', 'limit', 'scancel'][begun.push(trial) - 1];
      if (how === undefined) return;
      lost[how] = trial;
      if (how === 'limit') held = holdUntilTold(Number(event.pid));
      else if (how === 'requeue') cluster.slurm('scontrol', 'requeue', await jobOf('there', trial));
      else cluster.slurm('scancel', await jobOf('there', trial));
    });
    await held;
    clearInterval(hurry);
    expect(there.stderr).toBe('');
    expect(there.code).toBe(1);
    const starts = (trial: string | undefined) =>
      there.seen.filter((event) => event.event === 'started' && event.trial === trial).length;
    expect(starts(lost.requeue)).toBe(2);
    expect(starts(lost.limit)).toBeGreaterThanOrEqual(2);
    expect(starts(lost.scancel)).toBe(1);
    const ends = there.seen.filter((event) => event.event === 'finished' && event.state !== 'complete');
    expect(ends).toMatchObject([
      { trial: lost.scancel, state: 'cancelled', error: { message: expect.stringContaining('was cancelled') } },
    ]);
    const story = await readFile(
      path.join((await openRun('latest', path.join(cluster.folder, 'there'))).trial(lost.limit!).path, 'events.ndjson'),
      'utf8',
    );
    expect(story).toContain('"stopped":"time-limit"');

    const resumed = await lines(cluster.sweep('resume', '--runs', 'there', '--json', '--no-report'));
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(await bits('there')).toEqual(await bits('here'));
    expect(cluster.slurm('squeue', '--noheader')).toBe('');
  });

  test('a run that is left is seen by status, taken up by watch, and cancelled to the last job', async () => {
    const args = [QUICKSTART, '--set', 'train.epochs=50', '--executor', 'slurm', '--runs', 'left'];
    const left = await cluster.sweep(...args, '--detach').ended;
    expect(left.code, left.stderr).toBe(0);
    expect(left.stderr).toContain('Its jobs go on without this process.');
    expect((await cluster.sweep('status', '--runs', 'left').ended).stdout).toMatch(/: detached\n[\s\S]* on Slurm: /);

    const watch = cluster.sweep('watch', '--runs', 'left', '--json');
    for await (const event of watch.events) if (event.event === 'started') break;
    const cancelled = await cluster.sweep('cancel', '--runs', 'left').ended;
    expect(cancelled.stdout).toContain('is cancelled');
    expect((await watch.ended).code).not.toBe(0);
    expect(cluster.slurm('squeue', '--noheader')).toBe('');
    const status = JSON.parse((await cluster.sweep('status', '--runs', 'left', '--json').ended).stdout);
    expect(status.state).toBe('interrupted');
  });

  test("what sbatch refuses and what a compute node lacks is told in the terminal, in the cluster's own words", async () => {
    const args = [QUICKSTART, ...SMALL, '--executor', 'slurm', '--runs', 'refused'];
    const partition = await cluster.sweep(...args, '--set', 'executor.slurm.partition=nope').ended;
    expect(partition.code).toBe(2);
    expect(partition.stderr).toContain('invalid partition specified: nope');
    expect(partition.stderr).toContain('there is all');
    const setup = await cluster.sweep(...args, '--set', 'executor.slurm.setup=[module load nothing]').ended;
    expect(setup.code).toBe(2);
    expect(setup.stderr).toMatch(/the probe job \d+ left no answer \(FAILED[\s\S]*module: command not found/);
  });
});
