import { existsSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../errors.js';
import { type LongTimer, longTimer } from '../../long-timer.js';
import type { TrialEvent } from '../../trial/events.js';
import type { TrialResult } from '../../trial/result.js';
import { resultFromExit, type WorkerExit } from '../result-from-exit.js';
import { runTrials } from '../scheduler.js';
import type { Execution, Executor, Launcher, TrialTask } from './executor.js';
import { type OomWitness, oomWitness } from './oom-witness.js';
import { type Cores, coresFor } from './pinning.js';
import { type WarmWorkers, warmWorkers } from './warm-workers.js';
import { withEngine, withGpu, workerEnvironment } from './worker-environment.js';
import { startProcess } from './worker-process.js';

export interface LocalOptions {
  /** The worker's script, called with a trial's folder; the built one by default. */
  readonly worker?: string;
  /** How long a worker may live after its result, or after its timeout: it should end itself well within. */
  readonly graceSeconds?: number;
  /** Trials at once. */
  readonly jobs?: number;
  /** Whether each gets a core of its own where the system can do that. Default: true. */
  readonly pin?: boolean;
  /** Whether the next worker loads its engine while a trial ends. Default: true for the built worker. */
  readonly warm?: boolean;
}

/** Runs each trial in a child process of its own. Throws a RunError when the worker is not built. */
export function localExecutor(options: LocalOptions = {}): Executor {
  const launcher = localLauncher(options);
  return {
    name: 'local',
    async run(work) {
      await runTrials({ ...work, launcher });
      return 'done';
    },
    close: launcher.close,
  };
}

/** Starts a child process for each trial. Throws a RunError when the worker is not built. */
export function localLauncher(options: LocalOptions = {}): Launcher {
  const { worker = BUILT_WORKER, graceSeconds = 15, jobs = 1, pin = true, warm = worker === BUILT_WORKER } = options;
  if (!existsSync(worker)) {
    throw new RunError(`expected the trial worker at ${worker}, found no such file`, {
      code: 'WORKER_MISSING',
      hint: 'build it with: npm run build',
    });
  }
  const environment = workerEnvironment(process.env);
  const pool = warm ? warmWorkers({ script: worker, environment }) : null;
  const cores = coresFor(pin ? jobs : 1);
  const pace = { seconds: Number.POSITIVE_INFINITY };
  const common = { worker, environment, oom: oomWitness(), graceMs: graceSeconds * 1000, pace, jobs };
  return {
    start: async (task) => startWorker(task, { ...common, pool: task.gpu === null ? pool : null, cores: await cores }),
    close: async () => pool?.close(),
  };
}

const BUILT_WORKER = fileURLToPath(new URL('../../../dist/trial/worker.js', import.meta.url));

/** When a trial is tied to a core of its own. */
const PIN_AFTER_MS = 5000;

/** A trial that will end so soon is worth a worker that waits for the next one. */
const SOON_SECONDS = 2;

type Cause = WorkerExit['cause'];

interface Workplace {
  readonly worker: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly oom: OomWitness;
  readonly graceMs: number;
  /** Null on a GPU, whose memory a worker that waits would take from those that train. */
  readonly pool: WarmWorkers | null;
  /** How long the last trial took. */
  readonly pace: { seconds: number };
  readonly jobs: number;
  readonly cores: Cores | null;
}

function startWorker(task: TrialTask, workplace: Workplace): Execution {
  const { worker, oom, graceMs, pool, pace, jobs, cores } = workplace;
  const { folder, trial, gpu } = task;
  const paths = folder.trial(trial.id);
  const environment = withEngine(workplace.environment, trial.config.engine);
  const began = performance.now();
  const brief = pace.seconds < SOON_SECONDS;
  const child =
    pool?.take(folder, trial, { brief }) ??
    startProcess({
      script: worker,
      args: [realpathSync.native(paths.path)],
      environment: gpu === null ? environment : withGpu(environment, gpu),
      log: paths.log,
    });
  let release = (): void => undefined;
  // Short trials are over before it would matter.
  const pin = (): void => {
    if (cores !== null && child.pid > 0) release = cores.pin(child.pid);
  };
  let cause: Cause = null;
  let prepared = false;
  const prepareNext = (): void => {
    if (prepared || pool === null) return;
    prepared = true;
    // Where trials are shorter than a worker's start, one made ready for each that runs would come too late.
    const wanted = brief ? jobs + 1 : Math.min(jobs, pool.count + 1);
    // Counted before: one that cannot be made ready is not tried again for this trial.
    const missing = Math.min(wanted, task.upcoming) - pool.count;
    for (let n = 0; n < missing; n++) pool.prepare(folder, trial);
  };
  const end = (why: Exclude<Cause, null>, signal: NodeJS.Signals): void => {
    cause ??= why;
    child.kill(signal);
  };
  const timers = [setTimeout(pin, PIN_AFTER_MS)];
  const limit = timeoutTimer(task, graceMs, () => end('timeout', 'SIGKILL'));
  let heard = true;
  let told: TrialResult | null = null;
  const hear = (event: TrialEvent): void => {
    // The result stands in its file; a worker that cannot end itself afterwards must not hold the run up.
    if (event.type === 'result') {
      told = event.result;
      timers.push(setTimeout(() => child.kill('SIGKILL'), graceMs));
    }
    if (endsSoon(event)) prepareNext();
    task.onEvent(event);
  };
  child.onMessage((message) => {
    if (!heard) return;
    for (const event of Array.isArray(message) ? message : [message]) if (isTrialEvent(event)) hear(event);
    // Nothing follows a result; to hear the worker's end of the line, too, would wake us once more.
    if (told !== null) child.hangUp();
  });
  // What a brief trial tells comes too late for that.
  if (brief) prepareNext();

  const collect = async (): Promise<TrialResult> => {
    const ended = await child.ended;
    heard = false;
    for (const timer of timers) clearTimeout(timer);
    limit?.clear();
    release();
    pace.seconds = (performance.now() - began) / 1000;
    // It was written before it was told.
    const written = told ?? (await folder.readResult(trial));
    if (written !== null) return written;
    const text = await logTail(paths.log, child.logStart);
    const seconds = (performance.now() - began) / 1000;
    const result = resultFromExit(
      trial,
      { ...ended, oom: ended.signal === 'SIGKILL' ? oom.sawVictim() : false, cause, log: text },
      { seconds, epochs: await folder.readEpochs(trial.id) },
    );
    await folder.writeResult(result);
    return result;
  };
  return {
    pid: child.pid,
    result: collect(),
    stop: (level) => end(level, level === 'stop' ? 'SIGTERM' : 'SIGKILL'),
  };
}

function endsSoon(event: TrialEvent): boolean {
  return event.type === 'progress' && event.eta_seconds < SOON_SECONDS;
}

/** The worker watches its own time; this is for one that no longer can. */
function timeoutTimer(task: TrialTask, graceMs: number, expire: () => void): LongTimer | null {
  const { timeout } = task.trial.config.train;
  return timeout === null ? null : longTimer(timeout * 1000 + graceMs, expire);
}

function isTrialEvent(message: unknown): message is TrialEvent {
  return typeof message === 'object' && message !== null && typeof (message as { type?: unknown }).type === 'string';
}

/** The last ten lines (at most 4 kB) that were written after byte `start`; none where the log cannot be read. */
async function logTail(path: string, start: number): Promise<string> {
  const log = await open(path, 'r').catch(() => null);
  if (log === null) return '';
  try {
    const { size } = await log.stat();
    const from = Math.max(start, size - 4096);
    if (size <= from) return '';
    const { buffer, bytesRead } = await log.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/);
    return lines
      .filter((line) => line.trim() !== '')
      .slice(-10)
      .join('\n');
  } finally {
    await log.close();
  }
}
