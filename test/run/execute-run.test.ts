import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { executeRun, type RunOutcome } from '../../src/run/execute-run.js';
import type { Execution } from '../../src/run/executors/executor.js';
import { localExecutor, localLauncher } from '../../src/run/executors/local.js';
import { createInterruption, type Interruption } from '../../src/run/interruption.js';
import type { RunEvent } from '../../src/run/run-events.js';
import type { RunFolder } from '../../src/run/run-folder.js';
import { fakeWorker, samplePlan, sampleRun, sampleTrial, scriptWorkers } from './sample-run.js';

interface Watched {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
}

async function run(
  folder: RunFolder,
  options: {
    jobs?: number;
    interruption?: Interruption;
    graceSeconds?: number;
    warm?: boolean;
    onEvent?: (event: RunEvent) => void;
  } = {},
): Promise<Watched> {
  const events: RunEvent[] = [];
  const grace = options.graceSeconds === undefined ? {} : { graceSeconds: options.graceSeconds };
  const outcome = await executeRun({
    folder,
    jobs: options.jobs ?? 2,
    executor: localExecutor({ worker: fakeWorker, warm: options.warm ?? false, ...grace }),
    interruption: options.interruption ?? createInterruption(),
    emit(event) {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { outcome, events };
}

async function journal(folder: RunFolder): Promise<readonly string[]> {
  return (await folder.readJournal()).map((line) => {
    const trial = 'trial' in line ? ` ${line.trial.slice(-2)}` : '';
    return `${line.event}${trial}${'state' in line ? ` ${line.state}` : ''}`;
  });
}

async function result(folder: RunFolder, seed: number) {
  return folder.readResult({ id: `001-lstm-s${seed}`, hash: `hash-${seed}` });
}

describe('a run', () => {
  test('runs every trial and says so in the order in which it happened', async () => {
    const folder = await sampleRun(2, { default: [{ do: 'ready' }, { do: 'epoch', epoch: 1 }, { do: 'complete' }] });
    const { outcome, events } = await run(folder, { jobs: 1 });
    expect(outcome).toMatchObject({ state: 'complete', tally: { complete: 2, pending: 0 } });
    expect(await journal(folder)).toEqual([
      'run-started',
      'queued s0',
      'queued s1',
      'started s0',
      'epoch s0',
      'finished s0 complete',
      'started s1',
      'epoch s1',
      'finished s1 complete',
      'run-finished complete',
    ]);
    expect(events.map((event) => event.event)).toEqual([
      'run-started',
      'started',
      'epoch',
      'finished',
      'started',
      'epoch',
      'finished',
      'run-finished',
    ]);
    expect(events[3]).toMatchObject({ trial: '001-lstm-s0', state: 'complete', metrics: { test: { accuracy: 0.75 } } });
    expect(JSON.parse(await readFile(folder.trial('001-lstm-s0').config, 'utf8'))).toMatchObject({
      schema: 1,
      trial: { id: '001-lstm-s0' },
      working_directory: '/work',
    });
  });

  test('goes on when a trial fails', async () => {
    const folder = await sampleRun(3, { '001-lstm-s0': [{ do: 'fail', message: 'no data' }] });
    const { outcome, events } = await run(folder);
    expect(outcome).toMatchObject({ state: 'failed', tally: { complete: 2, failed: 1 } });
    expect(events.find((event) => event.event === 'finished' && event.state === 'failed')).toMatchObject({
      trial: '001-lstm-s0',
      error: { code: 'TEST', message: 'no data' },
      log: folder.trial('001-lstm-s0').log,
    });
  });

  test('gives a worker that crashes without a result one of its own, with the last lines of its log', async () => {
    const folder = await sampleRun(2, {
      '001-lstm-s0': [
        { do: 'epoch', epoch: 1 },
        { do: 'say', text: 'Error: it broke' },
        { do: 'exit', code: 3 },
      ],
    });
    const { outcome } = await run(folder);
    expect(outcome.tally).toMatchObject({ complete: 1, failed: 1 });
    expect(await result(folder, 0)).toMatchObject({
      state: 'failed',
      epochs: [{ epoch: 1 }],
      error: { code: 'WORKER_CRASHED', message: 'the worker crashed with exit code 3:\nError: it broke' },
    });
    expect(await readFile(folder.trial('001-lstm-s0').log, 'utf8')).toBe('Error: it broke\n');
  });

  test('says when a worker ended without a result', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'exit', code: 0 }] });
    await run(folder);
    expect(await result(folder, 0)).toMatchObject({
      state: 'failed',
      error: { message: 'the worker ended without a result' },
    });
  });

  test('names the signal that killed a worker', async () => {
    const folder = await sampleRun(2, {
      '001-lstm-s0': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }],
      '001-lstm-s1': [{ do: 'signal', signal: 'SIGABRT' }, { do: 'hang' }],
    });
    const { outcome } = await run(folder);
    expect(outcome).toMatchObject({ state: 'failed', tally: { killed: 2 } });
    // Linux tells whether the kernel did it for want of memory; elsewhere that is likely.
    const reason = process.platform === 'linux' ? '' : ', probably out of memory';
    expect((await result(folder, 0))?.error?.message).toBe(`killed (SIGKILL${reason})`);
    expect((await result(folder, 1))?.error?.message).toBe('killed (SIGABRT)');
  });

  test('believes a result over the way its worker ended', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'complete' }, { do: 'exit', code: 1 }] });
    expect((await run(folder)).outcome.state).toBe('complete');
  });

  test('ends a worker that lives on after its result', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'complete' }, { do: 'hang' }] });
    expect((await run(folder, { graceSeconds: 0 })).outcome.state).toBe('complete');
  });

  test('ends a worker that overlooks its timeout', async () => {
    const plan = { ...samplePlan(0), trials: [sampleTrial(0, 0.01)] };
    const folder = await sampleRun(plan, { default: [{ do: 'hang' }] });
    const { outcome } = await run(folder, { graceSeconds: 0 });
    expect(outcome.tally.timed_out).toBe(1);
    expect((await result(folder, 0))?.error?.message).toBe('stopped after 0.01 s (train.timeout)');
  });

  test('gives a worker all of a timeout that is longer than timers can be', async () => {
    const plan = { ...samplePlan(0), trials: [sampleTrial(0, 30 * 86_400)] };
    const folder = await sampleRun(plan, { default: [{ do: 'ready' }, { do: 'complete' }] });
    const { outcome } = await run(folder);
    expect(outcome.tally).toMatchObject({ complete: 1, timed_out: 0 });
  });

  test('has its workers look for data where the run is now, if that is said', async () => {
    const folder = await sampleRun(1);
    const executor = localExecutor({ worker: fakeWorker });
    const interruption = createInterruption();
    await executeRun({ folder, jobs: 1, executor, interruption, workingDirectory: '/moved', emit: () => {} });
    const job = JSON.parse(await readFile(folder.trial('001-lstm-s0').config, 'utf8'));
    expect(job.working_directory).toBe('/moved');
  });

  test('runs no more trials at once than jobs', async () => {
    const folder = await sampleRun(6);
    let running = 0;
    let most = 0;
    const onEvent = (event: RunEvent): void => {
      if (event.event === 'started') most = Math.max(most, ++running);
      if (event.event === 'finished') running--;
    };
    await run(folder, { jobs: 2, onEvent });
    expect(most).toBe(2);
  });

  test('needs no worker that waits for the next trial', async () => {
    const folder = await sampleRun(3, { default: [{ do: 'complete' }] });
    // In the way of the folder for what such workers say.
    await writeFile(folder.waitingFolder, '');
    const { outcome } = await run(folder, { jobs: 1, warm: true });
    expect(outcome.tally).toMatchObject({ complete: 3 });
  });

  test('keeps secrets of its environment from the workers', async () => {
    process.env.SECRET_TOKEN = 'hidden';
    const folder = await sampleRun(1, { default: [{ do: 'environment' }, { do: 'complete' }] });
    await run(folder);
    delete process.env.SECRET_TOKEN;
    const text = await readFile(join(folder.trial('001-lstm-s0').path, 'environment.json'), 'utf8');
    expect(Object.keys(JSON.parse(text))).not.toContain('SECRET_TOKEN');
    expect(JSON.parse(text).PATH).toBe(process.env.PATH);
  });

  test('refuses a worker that is not built', () => {
    expect(() => localExecutor({ worker: '/nowhere/worker.js' })).toThrow(
      'expected the trial worker at /nowhere/worker.js',
    );
  });
});

describe('an interruption', () => {
  test('asks running trials to end and starts no more', async () => {
    const folder = await sampleRun(4, {
      default: [{ do: 'cancel-on-sigterm' }, { do: 'ready' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
    });
    const interruption = createInterruption();
    let ready = 0;
    const onEvent = (event: RunEvent): void => {
      if (event.event === 'epoch' && ++ready === 2) interruption.request('SIGINT');
    };
    const { outcome } = await run(folder, { interruption, onEvent });
    expect(outcome).toMatchObject({ state: 'interrupted', tally: { cancelled: 2, pending: 2 } });
    expect((await journal(folder)).slice(-3).sort()).toEqual([
      'finished s0 cancelled',
      'finished s1 cancelled',
      'run-finished interrupted',
    ]);
  });

  test('kills workers that do not listen when it comes twice', async () => {
    const folder = await sampleRun(2, {
      default: [{ do: 'ignore-sigterm' }, { do: 'epoch', epoch: 1 }, { do: 'hang' }],
    });
    const interruption = createInterruption();
    const { outcome } = await run(folder, {
      jobs: 1,
      interruption,
      onEvent(event) {
        if (event.event === 'epoch') interruption.request('SIGINT');
        if (event.event === 'warning') interruption.request('SIGINT');
      },
    });
    expect(outcome).toMatchObject({ state: 'interrupted', tally: { cancelled: 1, pending: 1 } });
    expect(await result(folder, 0)).toMatchObject({
      state: 'cancelled',
      epochs: [{ epoch: 1 }],
      error: { message: 'cancelled by an interrupt' },
    });
  });
});

describe('a resumed run', () => {
  test('runs what has no final result and repeats nothing else', async () => {
    const folder = await sampleRun(5, {
      '001-lstm-s1': [{ do: 'fail', message: 'bad' }],
      '001-lstm-s2': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }],
    });
    await run(folder, { jobs: 1 });
    // As if the machine had gone down in the last trial but one, and in the journal's last line.
    await rm(folder.trial('001-lstm-s3').result);
    await appendFile(folder.journalFile, '{"time":"2026-01-01T00:00:00Z","event":"fini');
    await scriptWorkers(dirname(dirname(folder.path)), {});

    const { outcome, events } = await run(folder, { jobs: 1 });
    expect(outcome).toMatchObject({ state: 'failed', tally: { complete: 4, failed: 1 } });
    expect(events[0]).toMatchObject({ event: 'run-started', trials: 5, to_run: 2, tally: { complete: 2, pending: 1 } });
    const started = events.filter((event) => event.event === 'started');
    expect(started).toMatchObject([
      { trial: '001-lstm-s2', attempt: 2 },
      { trial: '001-lstm-s3', attempt: 2 },
    ]);
    expect((await journal(folder)).at(-1)).toBe('run-finished failed');
  });

  test('goes on though the clock was set back since', async () => {
    const folder = await sampleRun(2, { '001-lstm-s1': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }] });
    await run(folder);
    const text = await readFile(folder.journalFile, 'utf8');
    await writeFile(folder.journalFile, text.replaceAll(/"time":"\d{4}/g, '"time":"2999'));
    await scriptWorkers(dirname(dirname(folder.path)), {});
    const { outcome, events } = await run(folder);
    expect(outcome.state).toBe('complete');
    expect(events.filter(({ event }) => event === 'started')).toHaveLength(1);
  });

  test('goes on though the journal is gone', async () => {
    const folder = await sampleRun(2, { '001-lstm-s1': [{ do: 'signal', signal: 'SIGKILL' }, { do: 'hang' }] });
    await run(folder);
    await writeFile(folder.journalFile, '');
    await scriptWorkers(dirname(dirname(folder.path)), {});
    const { outcome, events } = await run(folder);
    expect(outcome.state).toBe('complete');
    expect(events.filter(({ event }) => event === 'started')).toHaveLength(1);
  });

  test('writes down a trial that ended when nobody was left to do so', async () => {
    const folder = await sampleRun(1);
    await run(folder);
    const lines = (await readFile(folder.journalFile, 'utf8')).split('\n');
    await writeFile(folder.journalFile, `${lines.slice(0, 3).join('\n')}\n`);
    const { outcome } = await run(folder);
    expect(outcome.state).toBe('complete');
    expect(await journal(folder)).toEqual([
      'run-started',
      'queued s0',
      'started s0',
      'run-started',
      'finished s0 complete',
      'run-finished complete',
    ]);
  });

  test('ends the workers that an execution left behind before it starts its own', async () => {
    const folder = await sampleRun(1, { default: [{ do: 'exit', code: 0 }] });
    await run(folder);
    await rm(folder.trial('001-lstm-s0').result);
    await scriptWorkers(dirname(dirname(folder.path)), { default: [{ do: 'epoch', epoch: 1 }, { do: 'hang' }] });
    const launcher = localLauncher({ worker: fakeWorker });
    const trial = sampleTrial(0);
    let abandoned: Execution | null = null;
    await new Promise<void>((started) => {
      launcher.start({ folder, trial, gpu: null, upcoming: 0, onEvent: () => started() }).then((execution) => {
        abandoned = execution;
      });
    });
    await scriptWorkers(dirname(dirname(folder.path)), {});
    expect((await run(folder)).outcome.state).toBe('complete');
    expect((await abandoned!.result).state).not.toBe('cancelled');
    expect(() => process.kill(abandoned!.pid, 0)).toThrow('ESRCH');
  });

  test('is refused while the run is still being run', async () => {
    const folder = await sampleRun(1);
    const release = join(folder.path, 'go');
    await scriptWorkers(dirname(dirname(folder.path)), {
      default: [{ do: 'epoch', epoch: 1 }, { do: 'wait', for: release }, { do: 'complete' }],
    });
    const refused: Promise<unknown>[] = [];
    const { outcome } = await run(folder, {
      onEvent(event) {
        if (event.event !== 'epoch') return;
        const second = run(folder).then(
          () => 'ran',
          (error: Error) => error.message,
        );
        refused.push(second);
        void second.then(() => writeFile(release, ''));
      },
    });
    expect(outcome.state).toBe('complete');
    expect(await Promise.all(refused)).toEqual([expect.stringContaining(`is being run by process ${process.pid} on`)]);
  });
});

describe('a run folder that cannot be written', () => {
  test('ends the run with a message that says how to go on', async () => {
    const folder = await sampleRun(2);
    // A file where the trial's folder should be: no permission is needed to break it.
    await writeFile(join(folder.path, 'trials', '001-lstm-s0'), '');
    await expect(run(folder)).rejects.toMatchObject({ code: 'RUN_UNUSABLE', hint: expect.stringContaining(folder.id) });
    await rm(join(folder.path, 'trials', '001-lstm-s0'));
    await mkdir(join(folder.path, 'trials', '001-lstm-s0'));
    expect((await run(folder)).outcome.state).toBe('complete');
  });
});

test('the code that runs trials loads no engine', async () => {
  const loaded = await new Promise<string>((done, fail) => {
    execFile(
      'grep',
      [
        '-rlE',
        "from '(@tensorflow/|.*/(tf|engine/(fused|kernels|ops|cpu|start-engine|tensorflow/(load|register))|model|train)[./])",
        'src/run',
      ],
      (error, out) => (error !== null && error.code !== 1 ? fail(error) : done(out)),
    );
  });
  expect(loaded).toBe('');
});
