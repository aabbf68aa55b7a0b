import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TrialEvent, TrialJob } from './events.js';
import { runTrial } from './run-trial.js';

/** How long a worker may take to end itself when its parent is gone or asks it to stop. */
const GRACE_MS = 4000;

/**
 * The process of one trial: `node worker.js <trial folder>`. Reads config.json, runs the trial, leaves result.json;
 * exit code 0 for a complete trial, 1 for any other fate. SIGTERM, SIGINT and a closed channel to the parent cancel.
 */
async function main(folder: string): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.on('SIGTERM', cancel);
  process.on('SIGINT', cancel);
  process.once('disconnect', () => {
    cancel();
    // Nobody waits for us any more: a step that takes too long is not seen to its end.
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
  let delivered: Promise<void> = Promise.resolve();
  const send = (event: TrialEvent): void => {
    if (!process.connected) return;
    // A parent that dies while we write is heard as a disconnection, not as an error here.
    delivered = new Promise((done) => process.send!(event, undefined, undefined, () => done()));
  };
  send({ type: 'ready', pid: process.pid });
  const result = await runTrial(await readJob(folder), {
    folder,
    signal: controller.signal,
    now: () => performance.now(),
    emit: send,
  });
  await delivered;
  // At once: an engine's open handles must not hold the process.
  process.exit(result.state === 'complete' ? 0 : 1);
}

async function readJob(folder: string): Promise<TrialJob> {
  const path = join(folder, 'config.json');
  const job = JSON.parse(await readFile(path, 'utf8')) as TrialJob;
  if (job.schema === 1 && job.trial.id !== undefined) return job;
  throw new Error(`expected a trial's configuration (schema 1) in ${path}, found schema ${job.schema}`);
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('expected the trial folder as the only argument, found none');
await main(resolve(folder));
