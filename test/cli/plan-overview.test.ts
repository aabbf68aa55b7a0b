import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseEngines } from '../../src/cli/choose-engines.js';
import * as planCommand from '../../src/cli/commands/plan.js';
import { errorText } from '../../src/cli/error-text.js';
import { readPipelineFile } from '../../src/cli/pipeline-file.js';
import { makespan } from '../../src/cli/plan/makespan.js';
import { prepareData } from '../../src/cli/prepare-data.js';
import { createPlan } from '../../src/plan/create-plan.js';
import { freezePlan } from '../../src/plan/freeze-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { createRun } from '../../src/run/create-run.js';
import type { TrialResult } from '../../src/trial/result.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { sampleInfo } from '../run/sample-run.js';
import { call } from './call.js';

let folder: string;
let directory: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-overview-'));
  directory = process.cwd();
  process.chdir(folder);
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
  const rows = Array.from({ length: 20 }, (_, n) => `word${n % 7} and more,${n % 4 === 0 ? 'pos' : 'neg'}`);
  await writeFile('reviews.csv', `text,label\n${rows.join('\n')}\n`);
});

afterEach(async () => {
  process.chdir(directory);
  delete process.env.SWEEPLINE_CACHE;
  await rm(folder, { recursive: true });
});

const write = (sections: { readonly [section: string]: string }, name = 'p.yaml') =>
  writeFile(name, validPipeline({ engine: 'engine: cpu', ...sections }));
const show = async (...args: readonly string[]) => {
  const { stdout, error } = await call(planCommand, ['p.yaml', '--jobs', '2', ...args]);
  if (error !== null) throw error;
  return stdout;
};

/** The plan as a run would freeze it, the data prepared. */
async function frozenPlan(): Promise<Plan> {
  const { plan } = await chooseEngines(createPlan(readPipelineFile('p.yaml', [])));
  const file = { file: 'p.yaml', line: 1, column: 1 };
  const inputs = await prepareData(plan, {
    workingDirectory: folder,
    locate: () => file,
    onProgress: () => {},
    onWarning: () => {},
  });
  return freezePlan(plan, { inputs });
}

/** A run of the pipeline in which every trial took ten seconds, one of them to start. */
async function finishedRun(plan: Plan) {
  const run = await createRun({ runsFolder: 'runs', plan, pipeline: '', info: sampleInfo });
  for (const { id: trial, arm, seed, hash } of plan.trials) {
    await mkdir(run.trial(trial).path, { recursive: true });
    const timing = { total_seconds: 10, startup_seconds: 1, data_seconds: 0, train_seconds: 8, evaluate_seconds: 1 };
    const rest = { timing: { ...timing, batches_per_second: 1, tokens_per_second: 1 }, warnings: [], epochs: [] };
    const nothing = { engine: null, model: null, data: null, peak_memory_bytes: 0, metrics: {} };
    const result: TrialResult = { schema: 1, trial, arm, seed, hash, state: 'complete', ...rest, ...nothing };
    await run.writeResult(result);
  }
  return run;
}

describe('what a plan says of its sweep', () => {
  it('tells what each condition did, which arms are the same and which keys change nothing', async () => {
    const grid = 'grid: { model.cell: [rnn, lstm], model.layers: [1, 2], model.init.forget_bias: [0, 1] }';
    const when = 'when: { model.init.forget_bias: { model.cell: lstm } }';
    await write({
      sweep: `sweep: { ${grid}, ${when}, exclude: [{ model.cell: rnn, model.layers: 2 }, { model.hidden: 5 }] }`,
    });
    expect(await show()).toContain(`Conditions
  sweep.when.model.init.forget_bias {model.cell: lstm} the axis is not there in 4 points: (model.cell=rnn, model.layers=1, model.init.forget_bias=0) (model.cell=rnn, model.layers=1, model.init.forget_bias=1) (model.cell=rnn, model.layers=2, model.init.forget_bias=0) …
  sweep.exclude[0] {model.cell: rnn, model.layers: 2} leaves out 2 points: (model.cell=rnn, model.layers=2) …
  sweep.exclude[1] {model.hidden: 5} does nothing
`);
    await write({ sweep: 'sweep: { grid: { model.cell: [gru, lstm], model.dropout: [0, 0.5] } }' });
    const text = await show();
    expect(text).toContain('2 trials');
    expect(text).toContain('Arms that are the same trials\n  002-gru-dropout-0.5: those of 001-gru-dropout-0\n');
    expect(text).toContain('Keys that change nothing\n  model.dropout\n');
  });

  it('prints the alias structure of a fraction', async () => {
    const factors =
      'a: { model.layers: 2 }, b: { model.hidden: 8 }, c: { train.epochs: 2 }, d: { model.bidirectional: true }';
    await write({ sweep: `sweep: { ablate: { mode: factorial, fraction: 1/2, factors: { ${factors} } } }` });
    expect(await show()).toContain(`Fractions
  sweep.ablate: 1/2 of the subsets, resolution IV
    made: d = a × b × c
    mixed: a × b = c × d
    mixed: a × c = b × d
    mixed: a × d = b × c
`);
  });
});

describe('what a plan says of its cost', () => {
  it('gives an upper bound of the parameters until the data is there', async () => {
    await write({
      data: 'data: { source: { file: reviews.csv }, format: csv, labels: [neg, pos], vocabulary: { size: 100 } }',
    });
    expect(await show()).toContain('|    ≤ 2,514 | ≤ 9.9 MB |');
    await write({});
    expect(await show()).not.toContain('parameters');
  });

  it('knows data, finished trials and times from the cache and from earlier runs', async () => {
    await write({ sweep: 'sweep: { seeds: 2 }', x: 'train: { epochs: 2 }' });
    const run = await finishedRun(await frozenPlan());
    await write({ sweep: 'sweep: { seeds: 4, grid: { train.epochs: [2, 4] } }' });
    const text = await show();
    expect(text).toContain('p: 2 arms'.replace('p', 'reviews'));
    expect(text).toContain('8 trials, 2 done in earlier runs');
    expect(text).toContain(`${run.id}/001-base-s1`);
    expect(text).toContain('examples: train 16 (neg');
    // Two of ten seconds, and four of twice the training: 1 + 18.
    expect(text).toContain('about 1 min 36 s of work; about 48 s with --jobs 2');
    expect(text).toMatch(/001-epochs-2 .* 10 s \|\n.*002-epochs-4 .* ~ 19 s \|/);
  });

  it('times steps of what no earlier run has measured, and says what it guesses', async () => {
    await write({ sweep: 'sweep: { seeds: 2 }', x: 'train: { epochs: 2 }' });
    await finishedRun(await frozenPlan());
    await write({ sweep: 'sweep: { seeds: 3, grid: { train.epochs: [2, 4], model.hidden: [16, 8] } }' });
    const { account, trials } = JSON.parse(await show('--probe', '--format', 'json'));
    // Two are done, one is like them; of the others there are two shapes, whatever the epochs.
    expect(account.time.bases).toEqual({ measured: 1, probed: 9, scaled: 0 });
    expect(account.probe.shapes.map(({ trials: like }: { trials: number }) => like).toSorted()).toEqual([3, 6]);
    const seconds = (epochs: number): number =>
      trials.find(({ id }: { id: string }) => id === `${epochs === 2 ? '002' : '004'}-epochs-${epochs}-hidden-8-s0`)
        .time.seconds;
    expect(seconds(4)).toBeGreaterThan(seconds(2));

    await rm('cache', { recursive: true });
    const text = await show('--probe', '--set', 'sweep.seeds=1');
    expect(text).toContain('timed steps, one process alone:');
    expect(text).toMatch(/ steps\/s, evaluates .* \(cpu\)/);
    expect(text).toContain('guessed: 8,000 examples to train on: the data is not in the cache yet');
  });

  it('says why steps could not be timed', async () => {
    await write({ model: 'model: { cell: lstm, hidden: 16 }' });
    await writeFile('reviews.csv', 'text,label\na b,x\nc d,y\na d,z\nb c,x\na c,y\nd d,z\nb a,x\n');
    await frozenPlan();
    expect(await show('--probe', '--set', 'loss=bce_with_logits')).toMatch(
      /not timed on cpu: .*expected 2 classes, found 3/,
    );
  });

  it('does not know trials of other data or another engine', async () => {
    await write({});
    await finishedRun(await frozenPlan());
    expect(await show()).toContain('1 done in earlier runs');
    expect(await show('--set', 'engine=wasm')).not.toContain('done in earlier runs');
    await writeFile('reviews.csv', 'text,label\na b,neg\nc d,pos\na d,pos\nb c,neg\na c,neg\n');
    expect(await show()).not.toContain('done in earlier runs');
  });

  it('adds up times on several workers, the longest first', () => {
    expect(makespan([1, 2, 3, 4], 2)).toBe(5);
    expect(makespan([3], 8)).toBe(3);
    expect(makespan([], 2)).toBe(0);
  });
});

describe('sweep plan --diff', () => {
  it('compares with what a run froze', async () => {
    await write({ sweep: 'sweep: { grid: { model.cell: [gru, lstm] } }' });
    await finishedRun(await frozenPlan());
    await write({ x: 'train: { epochs: 3 }', sweep: 'sweep: { grid: { model.cell: [gru, rnn] } }' });
    expect(await show('--diff', 'latest')).toContain(`Against latest: 2 trials new, 2 gone, 0 the same
  + model.cell=rnn
  - model.cell=lstm
  ~ model.cell=gru: train.epochs 1 → 3
`);
  });

  it('compares with the pipeline of a Git commit, what that extended included', async () => {
    await mkdir('sub');
    await write({ name: 'name: base' }, 'base.yaml');
    await writeFile('p.yaml', 'extends: base.yaml\nname: child\n');
    await writeFile('sub/out.yaml', 'extends: ../../outside.yaml\n');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    await write({ name: 'name: base', x: 'train: { epochs: 9 }' }, 'base.yaml');
    expect(await show('--diff', 'HEAD')).toContain(
      'Against HEAD: 1 trials new, 1 gone, 0 the same\n  ~ base: train.epochs 1 → 9\n',
    );

    await write({}, 'sub/out.yaml');
    const { error } = await call(planCommand, ['sub/out.yaml', '--diff', 'HEAD']);
    expect(errorText(error, { stream: {} })).toBe(
      [
        'HEAD:sub/out.yaml:1:10: error: expected a file at HEAD:../outside.yaml: it lies outside of the repository',
        '> 1 | extends: ../../outside.yaml',
        '    |          ^^^^^^^^^^^^^^^^^^',
        '  hint: A name is relative to the file that it stands in.',
        '',
      ].join('\n'),
    );
  });

  it('says that a reference is neither', async () => {
    await write({});
    await expect(show('--diff', 'nothing')).rejects.toMatchObject({ code: 'DIFF_REFERENCE' });
    await expect(show('--diff', '--help')).rejects.toMatchObject({ code: 'DIFF_REFERENCE' });
  });
});

describe('the formats of a plan', () => {
  it('prints Markdown for a pull request', async () => {
    await write({ sweep: 'sweep: { ablate: { factors: { deep: { model.layers: 2 } } } }' });
    const text = await show('--format', 'markdown');
    expect(text).toMatch(/^### Plan of reviews: 2 arms, 2 trials\n\n\| arm /);
    expect(text).toContain('| 002-deep | + deep   |');
    expect(text).toContain('<details><summary>All trials</summary>');
  });

  it('prints JSON with the whole plan and all that is known of it', async () => {
    await write({ sweep: 'sweep: { seeds: 2, grid: { model.dropout: [0, 0.5] } }' });
    const { account, arms, trials } = JSON.parse(await show('--format', 'json'));
    expect(account).toMatchObject({
      idle: ['model.dropout'],
      merged: [{ trials_of: '001-dropout-0', arms: ['002-dropout-0.5'] }],
      time: { jobs: 2, trials: 2, work_seconds: null },
    });
    expect([arms.length, trials.length, trials[0].done_in]).toEqual([2, 2, null]);
  });
});
