import { appendFile, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRun } from '../../src/run/open-run.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeTfjsNode } from '../engine/tensorflow/fake-tfjs-node.js';
import { fakeCluster } from '../run/slurm/fake-cluster.js';
import { createWorkplace, MOOD_PIPELINE, moodCsv, type Workplace } from './sweep-binary.js';

// Several processes, each of which loads an engine.
vi.setConfig({ testTimeout: 180_000 });

// It loads and has none of TensorFlow's ops: its trials fail, which is all that is asked of them.
const ONE_TRIAL = ['mood.yaml', '--engine', 'tensorflow', '--set', 'sweep={seeds: 1}', '--no-report', '--json'];

let workplace: Workplace;
let copy: string;

beforeEach(async () => {
  workplace = createWorkplace({ name: "sweepline o'wn-" });
  workplace.write('mood.csv', moodCsv(300));
  workplace.write('mood.yaml', MOOD_PIPELINE);
  await mkdir(path.join(workplace.folder, 'elsewhere'));
  copy = await fakeTfjsNode(path.join(await realpath(workplace.folder), 'node_modules'), '@tensorflow/tfjs-node');
  await appendFile(
    path.join(copy, 'main.js'),
    "require('node:fs').appendFileSync(__dirname + '/loaded', process.argv[1] + '\\n');\n",
  );
});
afterEach(() => workplace.remove());

/** The programs that loaded the package since this was asked last. */
async function loadedBy(): Promise<readonly string[]> {
  const text = await readFile(path.join(copy, 'loaded'), 'utf8').catch(() => '');
  await rm(path.join(copy, 'loaded'), { force: true });
  return text
    .trim()
    .split('\n')
    .map((file) => path.basename(file));
}

function newest(): Promise<RunFolder> {
  return openRun('latest', path.join(workplace.folder, 'runs'));
}

test("a run goes on with the user's own tfjs-node from another folder, and says so where that is gone", async () => {
  await workplace.sweep(...ONE_TRIAL);
  const { tensorflow_folder } = await (await newest()).readInfo();
  expect(tensorflow_folder).toBe(copy);
  expect(await loadedBy()).toEqual(['probe.js', 'worker.js']);
  await workplace.sweepIn('elsewhere', 'retry', '--runs', '../runs', '--no-report');
  expect(await loadedBy()).toEqual(['worker.js']);
  await rm(copy, { recursive: true });
  const gone = await workplace.sweepIn('elsewhere', 'retry', '--runs', '../runs', '--no-report');
  expect(gone.exitCode).toBe(2);
  expect(gone.stderr).toContain(`error: the run began with the tfjs-node in ${copy}, found none there`);
  expect(gone.stderr).toContain('set SWEEPLINE_TENSORFLOW to the folder of another');
});

test('the tasks of a cluster load it, those of a later submission from elsewhere, too', async () => {
  const cluster = await fakeCluster({ run: true });
  const answer = await workplace.sweep(...ONE_TRIAL, '--executor', 'slurm');
  expect(await loadedBy(), answer.stdout).toEqual(['probe.js', 'time-steps.js', 'worker.js']);
  await workplace.sweepIn('elsewhere', 'retry', '--runs', '../runs', '--no-report');
  expect(await loadedBy()).toEqual(['worker.js']);
  const scripts = (await cluster.calls('sbatch')).map(({ args }) => path.basename(args.at(-1)!));
  expect(scripts.filter((name) => name.startsWith('array-'))).toEqual(['array-1.sh', 'array-2.sh']);
});
