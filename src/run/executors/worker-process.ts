import { type FileHandle, open } from 'node:fs/promises';
import { execa } from 'execa';
import { workerEnvironment } from './worker-environment.js';

/** How a worker's process ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why no process came to be, when none did. */
  readonly spawnError: string | null;
}

/** A worker's process with its log. */
export interface WorkerProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  readonly log: FileHandle;
  /** Where its words begin in the log. */
  readonly logStart: number;
  /** Settles once the process is gone and all its messages are heard. */
  readonly ended: Promise<WorkerEnd>;
  send(message: object): void;
  kill(signal: NodeJS.Signals): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** Starts the worker's script with `args`; what it prints goes to the end of the file `log`. */
export async function startProcess(script: string, args: readonly string[], log: string): Promise<WorkerProcess> {
  const file = await open(log, 'a+');
  const logStart = (await file.stat()).size;
  // execa takes any open descriptor, its types only those up to 9.
  const descriptor = file.fd as 3;
  const child = execa(script, args, {
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
  const untie = tieToUs(child);
  // Messages may still be in the pipe when the process is gone; its end is the disconnection.
  const drained = new Promise<void>((done) => child.once('disconnect', () => done()));
  const end = async (): Promise<WorkerEnd> => {
    const { exitCode, signal, shortMessage } = await child;
    if (child.connected) await Promise.race([drained, delay(1000)]);
    untie();
    const spawnError = child.pid === undefined ? (shortMessage ?? 'unknown reason') : null;
    return { code: exitCode ?? null, signal: signal ?? null, spawnError };
  };
  return {
    pid: child.pid ?? 0,
    log: file,
    logStart,
    ended: end(),
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    kill: (signal) => void child.kill(signal),
    onMessage: (listener) => void child.on('message', listener),
  };
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

function delay(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms).unref());
}
