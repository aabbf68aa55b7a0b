import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { EngineConfig } from '../plan/trial-config.js';
import { keepCompiledCode } from './compiled-code.js';
import { guardAgainstOrphanhood } from './dead-parent.js';
import { isDiskError } from './disk-error.js';
import type { TrialEvent, TrialJob } from './events.js';
import { parentChannel } from './parent-channel.js';
import { runTrial, warmUp } from './run-trial.js';

/** How long a worker may take to end itself when its parent is gone. */
const GRACE_MS = 3500;
const SLOW_MS = 1000;
/** What a brief trial tells in this time it tells at once: the parent of thousands is busy enough. */
const BRIEF_MS = 250;
/** EX_IOERR of sysexits(3): the parent knows by it that the trial is not to blame. */
const IO_EXIT_CODE = 74;

/**
 * The process of one trial: `node worker.js <trial folder>`, or `node worker.js --warm <trials folder> <engine>`, which
 * loads the engine and then waits for a message with the trial's folder. Reads config.json, runs the trial, leaves
 * result.json; exit code 0 for a complete trial, 1 for any other fate, 74 when its files cannot be written. SIGTERM,
 * SIGINT and a closed channel to the parent cancel.
 */
async function main(args: readonly string[]): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.on('SIGTERM', cancel);
  process.on('SIGINT', cancel);
  process.once('disconnect', () => {
    cancel();
    // Nobody waits for us any more: a step that takes too long is not seen to its end.
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
  const { folder, brief } =
    args[0] === '--warm' ? await told(args[2]!, controller.signal) : { folder: resolve(args[0]!), brief: false };
  // Of a warm worker's time only what it spends on its trial counts.
  const began = args[0] === '--warm' ? performance.now() : 0;
  const guard = slownessGuard();
  const parent = parentChannel(brief ? BRIEF_MS : 0);
  const send = (event: TrialEvent): void => {
    guard();
    parent.send(event);
  };
  send({ type: 'ready', pid: process.pid });
  // One that waited has done so before it loaded its engine.
  if (args[0] !== '--warm') await keepCompiledCode();
  const result = await runTrial(await readJob(folder), {
    folder,
    signal: controller.signal,
    now: () => performance.now() - began,
    emit: send,
  });
  await parent.delivered();
  // At once: an engine's open handles must not hold the process.
  process.exit(result.state === 'complete' ? 0 : 1);
}

/** Called at every event: where a second passes between two, steps may be long, and deaf to a parent's death. */
function slownessGuard(): () => void {
  let last = performance.now();
  let guarded = false;
  return () => {
    const now = performance.now();
    if (!guarded && now - last > SLOW_MS) {
      guarded = true;
      guardAgainstOrphanhood(GRACE_MS);
    }
    last = now;
  };
}

/** What the parent names to a worker that waits. */
interface Told {
  readonly folder: string;
  /** Whether the trial is expected to end within moments. */
  readonly brief: boolean;
}

/** Loads an engine and waits for the parent to name a trial's folder; without a parent there is nothing to wait for. */
async function told(engine: string, signal: AbortSignal): Promise<Told> {
  const leave = (): void => process.exit(1);
  process.once('disconnect', leave);
  signal.addEventListener('abort', leave);
  const message = once(process, 'message') as Promise<[Told]>;
  await keepCompiledCode();
  await warmUp(JSON.parse(engine) as EngineConfig);
  const [job] = await message;
  process.off('disconnect', leave);
  signal.removeEventListener('abort', leave);
  return job;
}

async function readJob(folder: string): Promise<TrialJob> {
  const path = join(folder, 'config.json');
  const job = JSON.parse(await readFile(path, 'utf8')) as TrialJob;
  if (job.schema === 1 && job.trial.id !== undefined) return job;
  throw new Error(`expected a trial's configuration (schema 1) in ${path}, found schema ${job.schema}`);
}

const args = process.argv.slice(2);
if (args.length === 0) throw new Error('expected the trial folder as the only argument, found none');
try {
  await main(args);
} catch (error) {
  if (!isDiskError(error)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(IO_EXIT_CODE);
}
