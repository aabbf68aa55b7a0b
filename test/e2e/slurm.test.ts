import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRun } from '../../src/run/open-run.js';
import { type FakeCluster, fakeCluster } from '../run/slurm/fake-cluster.js';
import { createWorkplace, MOOD_PIPELINE, moodCsv, type Workplace } from './sweep-binary.js';

// Several processes, each of which loads an engine.
vi.setConfig({ testTimeout: 180_000 });

let workplace: Workplace;
let cluster: FakeCluster;

beforeAll(async () => {
  cluster = await fakeCluster({ run: true });
  workplace = createWorkplace({ name: "sweepline o'hara $x-" });
  workplace.write('mood.csv', moodCsv(300));
  workplace.write('mood.yaml', MOOD_PIPELINE);
  process.env.SWEEPLINE_CONFIG = path.join(
    workplace.folder,
    workplace.write('mine.yaml', "executor: { slurm: { account: o'hara lab } }\n"),
  );
});
afterAll(() => workplace.remove());

async function bits(runs: string) {
  const run = await openRun('latest', path.join(workplace.folder, runs));
  const { trials } = await run.readPlan();
  const results = await Promise.all(trials.map((trial) => run.readResult(trial)));
  return results.map((result) => [result?.trial, result?.state, result?.metrics, result?.weights_digest]);
}

test('a run in a folder whose name needs quotes has the bits that it has here', async () => {
  const small = ['mood.yaml', '--set', 'sweep.seeds=1', '--no-report'];
  const there = await workplace.sweep(...small, '--executor', 'slurm', '--runs', 'there');
  expect(there.exitCode, there.stderr).toBe(0);
  expect(there.stderr).toMatch(/cluster: probe job 101\n/);
  // Trials of a second share a task.
  expect(there.stderr).toMatch(/ on Slurm\n→ job 102: 2 trials in 1 task\n/);
  const here = await workplace.sweep(...small, '--runs', 'here');
  expect(here.exitCode, here.stderr).toBe(0);
  expect(await bits('there')).toEqual(await bits('here'));
  const submitted = await cluster.calls('sbatch');
  expect(submitted.at(-1)!.args).toContain("--account=o'hara lab");
});

test('a run that is left ends without anybody, and watch tells its end and reports', async () => {
  const left = await workplace.sweep('mood.yaml', '--executor', 'slurm', '--detach', '--runs', 'left', '--no-reuse');
  expect(left.exitCode, left.stderr).toBe(0);
  expect(left.stdout).toMatch(/^Run folder: left\/\S+$/);
  const watched = await workplace.sweep('watch', '--runs', 'left');
  expect(watched.exitCode, watched.stderr).toBe(0);
  expect(watched.stdout).toContain('4 complete');
  const run = await openRun('latest', path.join(workplace.folder, 'left'));
  const story = (await run.readJournal()).map(({ event }) => event);
  expect(story.filter((event) => event === 'run-started')).toHaveLength(2);
  expect(story).toContain('detached');
  expect(await readFile(run.reportFile, 'utf8')).toContain('# mood');
});

test("what is wrong on the compute node is told here, in the node's own words", async () => {
  const answer = await workplace.sweep('mood.yaml', '--executor', 'slurm', '--engine', 'tensorflow', '--runs', 'wrong');
  expect(answer.exitCode).toBe(2);
  expect(answer.stderr).toMatch(/error: on the compute node \S+: .*tensorflow/i);
});

test('without Slurm it says where to run it', async () => {
  const before = process.env.PATH;
  process.env.PATH = path.dirname(process.execPath);
  try {
    const answer = await workplace.sweep('mood.yaml', '--executor', 'slurm', '--runs', 'none');
    expect(answer.exitCode).toBe(2);
    expect(answer.stderr).toContain("expected Slurm's commands on this machine, found no sbatch that works");
  } finally {
    process.env.PATH = before;
  }
});
