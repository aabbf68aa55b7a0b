import { existsSync } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { RunError } from '../../errors.js';
import type { TrialEvent } from '../../trial/events.js';
import type { TrialResult } from '../../trial/result.js';
import { resultFromExit, type WorkerExit } from '../result-from-exit.js';
import type { Execution, Executor, TrialTask } from './executor.js';
import { workerEnvironment } from './worker-environment.js';

export interface LocalOptions {
  /** The worker's script, called with a trial's folder; the built one by default. */
  readonly worker?: string;
  /** How long a worker may live after its result, or after its timeout: it should end itself well within. */
  readonly graceSeconds?: number;
}

/** Runs each trial in a child process of its own. Throws a RunError when the worker is not built. */
export function localExecutor({ worker = builtWorker(), graceSeconds = 15 }: LocalOptions = {}): Executor {
  if (!existsSync(worker)) {
    throw new RunError(`expected the trial worker at ${worker}, found no such file`, {
      code: 'WORKER_MISSING',
      hint: 'build it with: npm run build',
    });
  }
  return { start: (task) => startWorker(task, worker, graceSeconds * 1000) };
}

function builtWorker(): string {
  return fileURLToPath(new URL('../../../dist/trial/worker.js', import.meta.url));
}

type Cause = WorkerExit['cause'];

async function startWorker(task: TrialTask, worker: string, graceMs: number): Promise<Execution> {
  const paths = task.folder.trial(task.trial.id);
  const began = performance.now();
  const log = await open(paths.log, 'a+');
  const logStart = (await log.stat()).size;
  // execa takes any open descriptor, its types only those up to 9.
  const descriptor = log.fd as 3;
  const child = execa(worker, [await realpath(paths.path)], {
    node: true,
    nodeOptions: [],
    env: workerEnvironment(process.env),
    extendEnv: false,
    stdin: 'ignore',
    // The file itself, not a pipe through us: what a worker says as it dies is kept even when we die too.
    stdout: descriptor,
    stderr: descriptor,
    buffer: false,
    reject: false,
    // A process group of its own: Ctrl-C in the terminal reaches us alone, and we end the workers in order.
    detached: process.platform !== 'win32',
    cleanup: false,
    windowsHide: true,
  });
  let cause: Cause = null;
  const end = (why: Exclude<Cause, null>, signal: NodeJS.Signals): void => {
    cause ??= why;
    child.kill(signal);
  };
  const untie = tieToUs(child);
  const timers = [timeoutTimer(task, graceMs, () => end('timeout', 'SIGKILL'))];
  const onMessage = (message: unknown): void => {
    if (!isTrialEvent(message)) return;
    // The result stands in its file; a worker that cannot end itself afterwards must not hold the run up.
    if (message.type === 'result') timers.push(setTimeout(() => child.kill('SIGKILL'), graceMs));
    task.onEvent(message);
  };
  child.on('message', onMessage);
  // Messages may still be in the pipe when the process is gone; its end is the disconnection.
  const drained = new Promise<void>((done) => child.once('disconnect', () => done()));

  const collect = async (): Promise<TrialResult> => {
    const ended = await child;
    if (child.connected) await Promise.race([drained, delay(1000)]);
    child.off('message', onMessage);
    for (const timer of timers) clearTimeout(timer);
    untie();
    const spawnError = child.pid === undefined ? (ended.shortMessage ?? 'unknown reason') : null;
    const written = await task.folder.readResult(task.trial);
    const text = await logTail(log, logStart);
    await log.close();
    if (written !== null) return written;
    const exit = { code: ended.exitCode ?? null, signal: ended.signal ?? null, spawnError, cause, log: text };
    const seconds = (performance.now() - began) / 1000;
    const result = resultFromExit(task.trial, exit, { seconds, epochs: await task.folder.readEpochs(task.trial.id) });
    await task.folder.writeResult(result);
    return result;
  };
  return {
    pid: child.pid ?? 0,
    result: collect(),
    stop: (level) => end(level, level === 'stop' ? 'SIGTERM' : 'SIGKILL'),
  };
}

/** The worker watches its own time; this is for one that no longer can. */
function timeoutTimer(task: TrialTask, graceMs: number, expire: () => void): NodeJS.Timeout | undefined {
  const { timeout } = task.trial.config.train;
  return timeout === null ? undefined : setTimeout(expire, timeout * 1000 + graceMs);
}

interface Killable {
  kill(signal: NodeJS.Signals): boolean;
}

const living = new Set<Killable>();

/** No worker outlives us, however we leave; when SIGKILL takes us, the worker sees its channel close. */
function tieToUs(child: Killable): () => void {
  if (living.size === 0) process.on('exit', killLiving);
  living.add(child);
  return () => {
    living.delete(child);
    if (living.size === 0) process.off('exit', killLiving);
  };
}

function killLiving(): void {
  for (const child of living) child.kill('SIGKILL');
}

function isTrialEvent(message: unknown): message is TrialEvent {
  return typeof message === 'object' && message !== null && typeof (message as { type?: unknown }).type === 'string';
}

/** The last ten lines (at most 4 kB) that were written after byte `start`. */
async function logTail(log: FileHandle, start: number): Promise<string> {
  const { size } = await log.stat();
  const from = Math.max(start, size - 4096);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(Math.max(0, size - from)), 0, size - from, from);
  const lines = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-10)
    .join('\n');
}

function delay(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms).unref());
}
