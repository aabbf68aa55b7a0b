import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../src/cli/command.js';
import { type RunOptions, runPipeline } from '../../src/cli/commands/run.js';
import { runSession } from '../../src/cli/run-session.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { openRun } from '../../src/run/open-run.js';
import { fakeWorker, type Scripts, sampleFolder, scriptWorkers } from '../run/sample-run.js';
import { MAILS } from './mails.js';

const PIPELINE = `name: sample
task: classification
data:
  source: { file: mails.csv }
  format: csv
  split: { train: 4, test: 2, seed: 0 }
  tokens: words
  sequence: { length: 4 }
model:
  embedding: { dim: 2 }
  cell: lstm
  hidden: 2
train: { epochs: 1, batch_size: 2 }
sweep:
  seeds: 2
  grid: { model.cell: [rnn, lstm] }
`;

let folder: string;
const home = process.cwd();

beforeEach(async () => {
  folder = await sampleFolder();
  process.env.SWEEPLINE_CACHE = join(folder, 'cache');
  await writeFile(join(folder, 'mails.csv'), MAILS);
  await writeFile(join(folder, 'sample.yaml'), PIPELINE);
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(home);
  delete process.env.SWEEPLINE_CACHE;
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command's output and exit code; `onOutput` hears what goes to stderr as it comes. */
async function watched(
  command: (context: CommandContext) => Promise<void>,
  onOutput?: (text: string) => void,
): Promise<Ended> {
  const ended = { code: null as number | null, stdout: '', stderr: '' };
  const collect = (name: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write(chunk, _, done) {
        ended[name] += chunk.toString();
        if (name === 'stderr') onOutput?.(chunk.toString());
        done();
      },
    });
  await command({
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    exit: (code) => {
      ended.code = code;
    },
  });
  return ended;
}

async function sweep(
  scripts: Scripts,
  options: Partial<RunOptions> = {},
  onOutput?: (text: string) => void,
): Promise<Ended> {
  await scriptWorkers(folder, scripts);
  const all: RunOptions = { jobs: 1, set: [], runs: 'runs', json: false, report: false, ...options };
  const executor = () => localExecutor({ worker: fakeWorker });
  return watched((context) => runPipeline('sample.yaml', all, context, executor), onOutput);
}

async function trialConfig(name: string) {
  const run = await openRun('latest');
  return JSON.parse(await readFile(run.trial(name).config, 'utf8')).trial.config;
}

describe('sweep run', () => {
  test('runs every trial in a run folder and exits with 0', async () => {
    const { code, stdout, stderr } = await sweep({});
    const run = await openRun('latest');
    expect(code).toBe(0);
    expect(stdout).toBe(`Run folder: runs/${run.id}\n`);
    expect(await run.readPipeline()).toBe(PIPELINE);
    const trials = (await run.readPlan()).trials.map(({ id }) => id);
    expect(trials).toHaveLength(4);
    expect((await readdir(join(run.path, 'trials'))).sort()).toEqual([...trials].sort());
    expect(stderr.split('\n').filter((line) => line.startsWith('✓'))).toHaveLength(4);
    expect(stderr).toContain(`run ${run.id}: 4 trials, 1 at once\n`);
    expect(await run.readInfo()).toMatchObject({ working_directory: folder, jobs: 1 });
  });

  test('exits with 1 when a trial fails, and its siblings finish', async () => {
    const first = 's0';
    const { code, stderr } = await sweep({
      default: [{ do: 'complete' }],
      [`001-rnn-${first}`]: [{ do: 'fail', message: 'no luck' }],
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /✗ 001-rnn-s0 failed after .* s: no luck\n {4}log: runs\/.*\/trials\/001-rnn-s0\/log\.txt\n/,
    );
    expect(stderr).toMatch(/\n3 complete, 1 failed in /);
  });

  test('prints nothing but JSON events with --json', async () => {
    const { code, stdout, stderr } = await sweep(
      { default: [{ do: 'epoch', epoch: 1 }, { do: 'complete' }] },
      { json: true },
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ event }) => event === 'finished')).toHaveLength(4);
    expect(events.filter(({ event }) => event === 'epoch')).toHaveLength(4);
    expect(events.at(-1)).toMatchObject({ event: 'run-finished', state: 'complete', tally: { complete: 4 } });
  });

  test('applies --set and --engine to every trial', async () => {
    await sweep({}, { set: ['train.epochs=7'], engine: 'wasm' });
    expect(await trialConfig('001-rnn-s0')).toMatchObject({ train: { epochs: 7 }, engine: { name: 'wasm' } });
  });

  test('runs as many trials at once as the pipeline says, unless the command line says otherwise', async () => {
    const atOnce = async (options: Pick<RunOptions, 'jobs'>): Promise<string | undefined> => {
      const all = {
        set: ['executor.local.jobs=3'],
        runs: 'runs',
        json: false,
        report: false,
        reuse: false,
        ...options,
      };
      await scriptWorkers(folder, {});
      const executor = () => localExecutor({ worker: fakeWorker });
      const { stderr } = await watched((context) => runPipeline('sample.yaml', all, context, executor));
      return /trials, (\d+) at once/.exec(stderr)?.[1];
    };
    expect(await atOnce({})).toBe('3');
    expect(await atOnce({ jobs: 2 })).toBe('2');
  });

  test('refuses GPUs for engines that use none, and where the engine that would is not there', async () => {
    await expect(sweep({}, { engine: 'wasm', gpus: 'auto' })).rejects.toMatchObject({
      code: 'GPUS_UNUSED',
      message: 'GPUs were asked for, and no trial uses one: the engine is wasm',
    });
    await expect(sweep({}, { gpus: [0] })).rejects.toMatchObject({
      message: 'the engine tensorflow is not installed',
      hint: '`sweep engine install tensorflow --gpu` installs it',
    });
    await expect(sweep({}, { engine: 'wasm', trialsPerGpu: 2 })).rejects.toMatchObject({ code: 'GPUS_UNUSED' });
    expect(await readdir(folder)).not.toContain('runs');
  });

  test('says that trials_per_gpu has no effect on the CPU', async () => {
    const { code, stderr } = await sweep({}, { set: ['executor.local.trials_per_gpu=2'] });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: executor.local.trials_per_gpu has no effect: no trial runs on a GPU\n');
  });

  test('refuses a pipeline that is not valid, before there is a run folder', async () => {
    await expect(sweep({}, { set: ['model.cell=lsmt'] })).rejects.toMatchObject({
      code: expect.any(String),
      hint: expect.anything(),
    });
    expect(await readdir(folder)).not.toContain('runs');
  });

  test('says where in the pipeline the data asks for too much, before there is a run folder', async () => {
    await writeFile(join(folder, 'sample.yaml'), PIPELINE.replace('train: 4', 'train: 400'));
    await expect(sweep({})).rejects.toMatchObject({
      code: 'DATA_SPLIT',
      location: { file: 'sample.yaml', line: 6, column: 19 },
    });
    expect(await readdir(folder)).not.toContain('runs');
  });

  test('refuses a head of fewer outputs than the data has labels, before there is a run folder', async () => {
    await expect(sweep({}, { set: ['model.head.outputs=1', 'loss=focal'] })).rejects.toMatchObject({
      message: '`model.head.outputs`: expected at least 2 outputs, one per label, found 1',
      code: 'HEAD_MISFIT',
      location: { file: '--set model.head.outputs=1' },
    });
    expect(await readdir(folder)).not.toContain('runs');
  });

  test('says of which arm the data is missing, and where the sweep names it', async () => {
    const file = '  grid: { data.source.file: [mails.csv, mials.csv] }\n';
    await writeFile(join(folder, 'sample.yaml'), PIPELINE.replace(/ {2}grid: .*\n/, file));
    await expect(sweep({})).rejects.toMatchObject({
      message: `\`data.source.file\`: there is no ${join(folder, 'mials.csv')} (in the arm \`002-mials.csv\`).`,
      location: { file: 'sample.yaml', line: 16, column: 41 },
    });
  });

  test('says that a pipeline file is missing', async () => {
    const options = { set: [], runs: 'runs', json: false, report: false };
    await expect(watched((context) => runPipeline('nothing.yaml', options, context))).rejects.toThrow(
      'expected a pipeline file at nothing.yaml',
    );
  });
});

describe('Ctrl-C', () => {
  test('ends the running trials, leaves a whole run folder and exits with 130; a resumed run ends the rest', async () => {
    const listeners = process.listenerCount('SIGINT');
    const script = [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }];
    const { code, stderr } = await sweep({ default: script }, {}, (text) => {
      if (text.includes('epoch 1')) process.emit('SIGINT');
    });
    const run = await openRun('latest');
    expect(code).toBe(130);
    expect(stderr).toContain('stopping: the running trials end first; Ctrl-C again kills them\n');
    expect(stderr).toMatch(/\n1 cancelled|0 complete, 1 cancelled, 3 not run in /);
    expect(stderr).toMatch(/\nInterrupted\. Go on with: sweep resume runs\/\S+\n$/);
    expect((await run.readJournal()).at(-1)).toMatchObject({ event: 'run-finished', state: 'interrupted' });
    expect(process.listenerCount('SIGINT')).toBe(listeners);

    await scriptWorkers(folder, {});
    const executor = localExecutor({ worker: fakeWorker });
    const resumed = await watched((context) =>
      runSession({ folder: run, jobs: 2, json: false, report: false, executor }, context),
    );
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('4 complete in ');
    expect(resumed.stderr).toContain('001-rnn-s0 started (attempt 2)');
  });

  test('twice kills trials that do not listen', async () => {
    const script = [{ do: 'ignore-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }];
    const { code, stderr } = await sweep({ default: script }, {}, (text) => {
      if (text.includes('epoch 1') || text.includes('SIGTERM')) process.emit('SIGINT');
    });
    expect(code).toBe(130);
    expect(stderr).toContain('killing the running trials\n');
    expect(stderr).toContain('– 001-rnn-s0 cancelled after');
  });

  test('SIGTERM does the same and exits with 143', async () => {
    const script = [{ do: 'cancel-on-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }];
    const { code } = await sweep({ default: script }, {}, (text) => {
      if (text.includes('epoch 1')) process.emit('SIGTERM');
    });
    expect(code).toBe(143);
  });
});

test('the command, and all that it ever loads, imports no engine', async () => {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, 'utf8');
    const imports = [
      ...text.matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)'/gm),
      ...text.matchAll(/^import '([^']+)'/gm),
      ...text.matchAll(/\bimport\('([^']+)'\)(?!\.)/g),
    ];
    for (const [, target] of imports) {
      if (target!.startsWith('.')) await follow(resolve(dirname(file), target!.replace(/\.js$/, '.ts')));
      else outside.add(target!);
    }
  };
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  await follow(join(source, 'cli/commands/run.ts'));
  await follow(join(source, 'cli/commands/resume.ts'));
  expect([...outside].filter((name) => name.includes('tensorflow'))).toEqual([]);
});
