import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CommandModule } from '../../src/cli/command.js';
import * as cancel from '../../src/cli/commands/cancel.js';
import * as clean from '../../src/cli/commands/clean.js';
import * as logs from '../../src/cli/commands/logs.js';
import * as retry from '../../src/cli/commands/retry.js';
import * as runs from '../../src/cli/commands/runs.js';
import * as status from '../../src/cli/commands/status.js';
import * as watch from '../../src/cli/commands/watch.js';
import { executeRun } from '../../src/run/execute-run.js';
import { localExecutor } from '../../src/run/executors/local.js';
import { createInterruption } from '../../src/run/interruption.js';
import { lockRun } from '../../src/run/lock.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeWorker, type Scripts, sampleRun } from '../run/sample-run.js';
import { type Called, call } from './call.js';

const FAILING: Scripts = {
  '001-lstm-s1': [
    { do: 'say', text: 'Error: it broke' },
    { do: 'fail', message: 'no luck' },
  ],
};
const HANGING: Scripts = {
  default: [{ do: 'cancel-on-sigterm' }, { do: 'say', text: 'a word' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
};

let folder: RunFolder;

function sweep(module: CommandModule, ...args: readonly string[]): Promise<Called> {
  return call(module, [...args, '--runs', dirname(folder.path)]);
}

/** Runs the run in this process, as another would. */
function execute(onEvent: (event: RunEvent) => void = () => {}) {
  const executor = localExecutor({ worker: fakeWorker });
  const interruption = createInterruption();
  return executeRun({ folder, jobs: 1, executor, interruption, emit: onEvent });
}

describe('a run that has ended', () => {
  beforeEach(async () => {
    folder = await sampleRun(3, FAILING);
    await execute();
  });

  test('has a status with its fates, its best trial and where the logs are', async () => {
    const { stdout } = await sweep(status);
    expect(stdout).toBe(`run ${folder.id}: failed
  2 complete, 1 failed of 3
  best test.accuracy 0.7500 (001-lstm-s0)
  ✗ 001-lstm-s1 failed: no luck
      log: ${folder.path}/trials/001-lstm-s1/log.txt
`);
    const json = JSON.parse((await sweep(status, folder.id, '--json')).stdout);
    expect(json).toMatchObject({
      run: folder.id,
      state: 'failed',
      process: null,
      trials: 3,
      tally: { complete: 2, failed: 1 },
      running: [],
      failures: [{ trial: '001-lstm-s1', state: 'failed', error: 'no luck' }],
      best: { trial: '001-lstm-s0', metric: 'test.accuracy', value: 0.75 },
    });
  });

  test('is listed with its state, best figure and size', async () => {
    const { stdout } = await sweep(runs);
    expect(stdout).toMatch(/^\| run +\| state +\| complete \| best +\| +size \|\n/);
    expect(stdout).toMatch(
      new RegExp(`\\| ${folder.id} \\| failed \\| +2/3 \\| test.accuracy 0.7500 \\| +\\d+\\.\\d kB \\|`),
    );
    expect(JSON.parse((await sweep(runs, '--json')).stdout).runs).toHaveLength(1);
  });

  test('shows the log of the trial that failed when none is named', async () => {
    expect((await sweep(logs)).stdout).toBe('Error: it broke\n');
    expect((await sweep(logs, '001-lstm-s0')).stderr).toContain('The trial has printed nothing.\n');
    expect((await sweep(logs, '001-lstm-x')).error).toMatchObject({
      code: 'TRIAL_MISSING',
      hint: 'did you mean 001-lstm-s0?',
    });
    expect((await sweep(logs, '001-lstm')).error).toMatchObject({ code: 'TRIAL_AMBIGUOUS' });
  });

  test('is watched to its end at once', async () => {
    const { stderr, code } = await sweep(watch);
    expect(stderr).toContain('1 at once');
    expect(stderr).toMatch(/\n2 complete, 1 failed in \S+ s\n$/);
    expect(code).toBe(1);
  });

  test('cannot be cancelled, nor can its trials', async () => {
    expect((await sweep(cancel)).stdout).toBe(`${folder.id} is not running.\n`);
    expect((await sweep(cancel, '001-lstm-s1')).stdout).toBe('001-lstm-s1 has ended: failed.\n');
  });

  test('has nothing to retry where a trial that is named does not exist', async () => {
    expect((await sweep(retry, '--trial', '002-gru-s0')).error).toMatchObject({ code: 'TRIAL_MISSING' });
  });

  test('is not lost where the journal is cut short', async () => {
    const text = await readFile(folder.journalFile, 'utf8');
    await writeFile(folder.journalFile, text.slice(0, text.lastIndexOf('"run-finished"')));
    expect((await sweep(status)).stdout).toContain(`run ${folder.id}: stopped\n`);
    expect((await sweep(status)).stdout).toContain(`Go on with: sweep resume ${folder.path}\n`);
    await appendFile(folder.journalFile, '\n{"half');
    expect((await execute()).tally).toMatchObject({ complete: 2, failed: 1 });
  });
});

describe('a run with damaged files', () => {
  beforeEach(async () => {
    folder = await sampleRun(2);
    await execute();
  });

  test.each([
    ['torn', '{"schema": 1, "tri'],
    ['no result', 'null'],
  ])('stands as a resume takes it where a result is %s', async (_, text) => {
    await writeFile(folder.trial('001-lstm-s0').result, text);
    expect((await sweep(status)).stdout).toBe(`run ${folder.id}: stopped
  1 complete, 1 not run of 2
  best test.accuracy 0.7500 (001-lstm-s1)
Go on with: sweep resume ${folder.path}
`);
    expect(JSON.parse((await sweep(runs, '--json')).stdout).runs).toMatchObject([
      { state: 'stopped', tally: { complete: 1, pending: 1 } },
    ]);
    expect((await execute()).tally).toMatchObject({ complete: 2 });
    expect((await sweep(status)).stdout).toContain(`run ${folder.id}: complete\n  2 complete of 2\n`);
  });

  test('stands as its results say where the journal is gone', async () => {
    await rm(folder.journalFile);
    expect((await sweep(status)).stdout).toBe(`run ${folder.id}: complete
  2 complete of 2
  best test.accuracy 0.7500 (001-lstm-s0)
`);
  });

  test('tells the failures that only the results tell', async () => {
    folder = await sampleRun(3, FAILING);
    await execute();
    await rm(folder.journalFile);
    expect(JSON.parse((await sweep(status, '--json')).stdout)).toMatchObject({
      state: 'stopped',
      tally: { complete: 2, failed: 1 },
      failures: [{ trial: '001-lstm-s1', state: 'failed', error: 'no luck' }],
    });
  });

  test('is shown, watched and refused to cancel all the same where lines of its journal are no events', async () => {
    await appendFile(folder.journalFile, 'null\n[]\n{"event":"finished"}\n');
    for (const command of [status, watch, logs, cancel, runs]) {
      expect((await sweep(command)).error).toBeNull();
    }
    expect((await sweep(retry)).error).toMatchObject({ code: 'RETRY_NOTHING' });
    expect((await execute()).state).toBe('complete');
  });

  test('is told to be damaged where the plan is none', async () => {
    await writeFile(folder.planFile, '{"schema":2}');
    for (const command of [status, watch, retry]) {
      expect((await sweep(command)).error).toMatchObject({ code: 'RUN_DAMAGED' });
    }
  });
});

describe('a run that goes on elsewhere', () => {
  test('is watched, asked after and cancelled by other processes', async () => {
    folder = await sampleRun(2, HANGING);
    let asked: Promise<readonly Called[]> = Promise.resolve([]);
    const watching: Promise<Called>[] = [];
    const outcome = await execute((event) => {
      if (event.event === 'started') watching.push(sweep(watch, '--json'), sweep(logs, '-f'));
      if (event.event !== 'epoch') return;
      asked = (async () => [await sweep(status), await sweep(cancel)])();
    });
    const [standing, cancelled] = await asked;
    expect(standing!.stdout).toContain(`run ${folder.id}: running by process ${process.pid} on `);
    expect(standing!.stdout).toContain('0 complete, 2 not run of 2');
    expect(cancelled!.stdout).toBe(`${folder.id} is cancelled. Go on with: sweep resume ${folder.path}\n`);
    expect(outcome.state).toBe('interrupted');
    const [watched, followed] = await Promise.all(watching);
    const events = watched!.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: 'run-started', trials: 2 });
    expect(events.filter(({ event }) => event === 'epoch')).toMatchObject([
      { trial: '001-lstm-s0', record: { epoch: 1 } },
    ]);
    expect(events.filter(({ event }) => event === 'finished')).toMatchObject([{ state: 'cancelled' }]);
    expect(events.at(-1)).toMatchObject({ event: 'run-finished', state: 'interrupted' });
    expect(followed!.stdout).toBe('a word\n');
  });
});

describe('cleaning', () => {
  const checkpoint = (seed: number): string => folder.trial(`001-lstm-s${seed}`).checkpoint;

  beforeEach(async () => {
    folder = await sampleRun(3, { ...FAILING, '001-lstm-s2': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }] });
    await execute();
    for (const seed of [1, 2]) {
      await mkdir(checkpoint(seed));
      await writeFile(join(checkpoint(seed), 'epoch-1.safetensors'), 'x'.repeat(2000));
    }
  });

  test('lists the checkpoints of trials whose fate stands, and asks before it removes them', async () => {
    const { stdout, error } = await sweep(clean);
    expect(stdout).toBe(`checkpoints    2.0 kB  ${checkpoint(1)}\n`);
    expect(error).toMatchObject({ code: 'CLEAN_UNASKED', hint: 'pass --yes to remove what is listed' });
    expect((await sweep(clean, '--yes')).stdout).toContain('Removed 2.0 kB.\n');
    expect((await sweep(clean)).stdout).toBe('There is nothing to remove.\n');
    // What a resume goes on with is kept.
    expect((await readFile(join(checkpoint(2), 'epoch-1.safetensors'))).length).toBe(2000);
  });

  test('keeps the checkpoints of trials whose time ran out, which a retry with more of it goes on from', async () => {
    const ended = await folder.readResult((await folder.readPlan()).trials[1]!);
    await folder.writeResult({ ...ended!, state: 'timed_out' });
    expect((await sweep(clean)).stdout).toBe('There is nothing to remove.\n');
    await folder.writeResult({ ...ended!, state: 'diverged' });
    expect((await sweep(clean)).stdout).toContain(checkpoint(1));
  });

  test('keeps the checkpoints of trials whose data was not there', async () => {
    const ended = await folder.readResult((await folder.readPlan()).trials[1]!);
    await folder.writeResult({ ...ended!, error: { code: 'DATA_NOT_FOUND', message: 'there is no d.csv' } });
    expect((await sweep(clean)).stdout).toBe('There is nothing to remove.\n');
  });

  test('removes runs that are old enough, but none that is being run', async () => {
    const longAgo = new Date(Date.now() - 10 * 86_400_000);
    await utimes(folder.planFile, longAgo, longAgo);
    const lock = await lockRun(folder.path);
    expect((await sweep(clean, '--older-than', '7d')).stdout).toBe('There is nothing to remove.\n');
    await lock.release();
    expect((await sweep(clean, '--older-than', '30d')).stdout).toContain('checkpoints');
    expect((await sweep(clean, '--older-than', '7d', '--yes')).stdout).toContain(`${folder.path}\n`);
    expect((await sweep(runs)).stdout).toMatch(/^There are no runs in /);
    // No link to nowhere is left.
    expect(await readdir(dirname(folder.path))).toEqual([]);
  });
});
