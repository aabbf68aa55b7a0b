import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';

/** How a worker's process ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why no process came to be, when none did. */
  readonly spawnError: string | null;
}

/** A worker's process. */
export interface WorkerProcess {
  /** 0 when it could not be started. */
  readonly pid: number;
  /** Where its words begin in the log. */
  readonly logStart: number;
  /** Settles once the process is gone and all its messages are heard. */
  readonly ended: Promise<WorkerEnd>;
  send(message: object): void;
  /** Hears and says nothing any more. */
  hangUp(): void;
  kill(signal: NodeJS.Signals): void;
  onMessage(listener: (message: unknown) => void): void;
}

export interface Start {
  /** The worker's script. */
  readonly script: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The file that what it prints is appended to. */
  readonly log: string;
}

/** Starts a worker. */
export function startProcess({ log, ...start }: Start): WorkerProcess {
  const file = openSync(log, 'a');
  try {
    return { logStart: fstatSync(file).size, ...spawnWorker(start, file) };
  } finally {
    // The worker has its own.
    closeSync(file);
  }
}

function spawnWorker({ script, args, environment }: Omit<Start, 'log'>, log: number): Omit<WorkerProcess, 'logStart'> {
  // Not by execa: a run of thousands of short trials starts thousands of these, at 2 ms of ours each.
  const child = spawn(process.execPath, [script, ...args], {
    env: environment,
    // The log itself, not a pipe through us: what a worker says as it dies is kept even when we die too.
    stdio: ['ignore', log, log, 'ipc'],
    // A process group of its own: Ctrl-C in the terminal reaches us alone, and we end the workers in order.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const untie = tieToUs(child);
  const ended = new Promise<WorkerEnd>((done) => {
    const end = (how: WorkerEnd): void => {
      untie();
      done(how);
    };
    child.on('error', (error) => {
      if (child.pid === undefined) end({ code: null, signal: null, spawnError: error.message });
    });
    child.once('exit', (code, signal) => {
      const how = { code, signal, spawnError: null };
      if (!child.connected) return end(how);
      // Messages may still be in the pipe when the process is gone; its end is the disconnection.
      const impatience = setTimeout(end, 1000, how);
      child.once('disconnect', () => {
        clearTimeout(impatience);
        end(how);
      });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    hangUp: () => void (child.connected && child.disconnect()),
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
