import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkInputs } from '../../src/cli/check-inputs.js';
import type { CommandContext } from '../../src/cli/command.js';
import * as resume from '../../src/cli/commands/resume.js';
import * as retry from '../../src/cli/commands/retry.js';
import { runPipeline } from '../../src/cli/commands/run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { openRun } from '../../src/run/open-run.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeWorker, sampleFolder, scriptWorkers } from '../run/sample-run.js';
import { errorsOf } from '../run-schema.js';
import { call } from './call.js';
import { MAILS } from './mails.js';

const PIPELINE = `name: sample
task: classification
data:
  source: { file: mails.csv }
  format: csv
  split: { train: 4, test: 2, seed: 0 }
  sequence: { length: 4 }
model: { embedding: { dim: 2 }, cell: lstm, hidden: 2 }
train: { epochs: 1, batch_size: 2 }
sweep: { seeds: 2 }
`;
const SWAPPED = MAILS.replaceAll(',spam', ',x').replaceAll(',ham', ',spam').replaceAll(',x', ',ham');

const home = process.cwd();
let parent: string;
let project: string;
let run: RunFolder;

/** A project whose run has one trial that is complete and one that was killed. */
beforeEach(async () => {
  parent = await sampleFolder();
  project = join(parent, 'project');
  process.env.SWEEPLINE_CACHE = join(parent, 'cache');
  await mkdir(project);
  process.chdir(project);
  await writeFile('mails.csv', MAILS);
  await writeFile('sample.yaml', PIPELINE);
  await scriptWorkers(parent, { '001-base-s1': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }] });
  const options = { jobs: 1, set: [], runs: 'runs', json: false, report: false };
  const executor = () => localExecutor({ worker: fakeWorker });
  await runPipeline('sample.yaml', options, quiet().context, executor);
  run = await openRun('latest');
});

afterEach(() => {
  process.chdir(home);
  delete process.env.SWEEPLINE_CACHE;
});

function quiet() {
  const said = { stderr: '' };
  const stream = (name: 'stderr' | null) =>
    new Writable({
      write(chunk, _, done) {
        if (name !== null) said[name] += String(chunk);
        done();
      },
    });
  const context: CommandContext = { stdout: stream(null), stderr: stream('stderr'), exit: () => {} };
  return { said, context };
}

const check = (which = {}) => checkInputs(run, { json: false, ...which }, quiet().context);

/** Everything of the run that a refused command must leave as it was. */
async function contents(): Promise<readonly string[]> {
  const files = [run.journalFile, run.infoFile, run.trial('001-base-s0').result, run.trial('001-base-s1').result];
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}

/** As an earlier version wrote it. */
async function forgetDigests(): Promise<void> {
  const { inputs: _, ...plan } = JSON.parse(await readFile(run.planFile, 'utf8'));
  await writeFile(run.planFile, JSON.stringify(plan));
}

test('each trial is told the digest of the data that it was planned on', async () => {
  const job = JSON.parse(await readFile(run.trial('001-base-s0').config, 'utf8'));
  expect(errorsOf('config', job)).toEqual([]);
  expect(errorsOf('plan', JSON.parse(await readFile(run.planFile, 'utf8')))).toEqual([]);
  expect(job.trial.inputs).toEqual({ data: createHash('sha256').update(MAILS).digest('hex'), vectors: null });
  expect(await check()).toBe(project);
});

describe('a resume or a retry', () => {
  test.each([
    ['resume', resume, [], { code: 'DATA_CHANGED', message: expect.stringContaining(': expected sha256 ') }],
    ['retry', retry, ['--trial', '001-base-s0'], { code: 'DATA_CHANGED' }],
  ] as const)('of changed data is refused and changes nothing: %s', async (_, command, args, error) => {
    await writeFile('mails.csv', SWAPPED);
    const before = await contents();
    expect((await call(command, args)).error).toMatchObject(error);
    expect(await contents()).toEqual(before);
    await writeFile('mails.csv', MAILS);
    expect(await check()).toBe(project);
  });

  test('of data that is not there is refused and changes nothing', async () => {
    await rm('mails.csv');
    const before = await contents();
    for (const command of [resume, retry]) {
      expect((await call(command, [])).error).toMatchObject({
        code: 'DATA_NOT_FOUND',
        message: `\`data.source.file\`: there is no ${join(project, 'mails.csv')}.`,
      });
    }
    expect(await contents()).toEqual(before);
  });

  test('with nothing left to run asks for no data', async () => {
    const ended = await run.readResult((await run.readPlan()).trials[1]!);
    await run.writeResult({ ...ended!, state: 'complete' });
    await rm('mails.csv');
    expect(await check()).toBe(project);
    await expect(check({ again: new Set(['001-base-s0']), onlyAgain: true })).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
    });
  });

  test('of a run that an earlier version began takes the data that is there', async () => {
    await forgetDigests();
    await writeFile('mails.csv', SWAPPED);
    expect(await check()).toBe(project);
  });
});

describe('a run whose project was moved', () => {
  let moved: string;

  beforeEach(async () => {
    moved = join(parent, 'moved');
    process.chdir(parent);
    await rename(project, moved);
    run = await openRun('latest', join(moved, 'runs'));
  });

  test('goes on where its folder and the same data are now, and says so', async () => {
    const { said, context } = quiet();
    expect(await checkInputs(run, { json: false }, context)).toBe(moved);
    expect(said.stderr).toBe(
      `! the working directory of the run, ${project}, is gone: ${moved}, which holds the same data, takes its place\n`,
    );
  });

  test.each([
    ['the data is not there', () => rm(join(moved, 'mails.csv'))],
    ['the data is another', () => writeFile(join(moved, 'mails.csv'), SWAPPED)],
    ['an earlier version began it', forgetDigests],
  ])('says that it is gone where %s, and what to do', async (_, change) => {
    await change();
    const before = await contents();
    const { error } = await call(resume, ['--runs', join(moved, 'runs')]);
    expect(error).toMatchObject({
      code: 'RUN_DIRECTORY_GONE',
      message: `the working directory of the run, ${project}, is gone: \`data.source.file\`: there is no ${project}/mails.csv.`,
      hint: `put it back, or a link to where it is now, then go on with: sweep resume moved/runs/${run.id}`,
    });
    expect(await contents()).toEqual(before);
  });
});
