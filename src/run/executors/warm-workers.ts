import { access, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Trial } from '../../plan/plan.js';
import type { RunFolder } from '../run-folder.js';
import { startProcess, type WorkerProcess } from './worker-process.js';

/** Workers that have loaded their engine and wait for a trial; each runs one, as any worker does. */
export interface WarmWorkers {
  /** Starts one for a trial like this one, in the background. */
  prepare(folder: RunFolder, like: Trial): void;
  /** A worker that was made ready and is now told of the trial; null where none fits. */
  take(folder: RunFolder, trial: Trial): Promise<WorkerProcess | null>;
  readonly count: number;
  close(): Promise<void>;
}

interface Warm {
  readonly engine: string;
  readonly log: string;
  readonly worker: WorkerProcess;
}

export function warmWorkers(script: string): WarmWorkers {
  const ready = new Set<Warm>();
  const starting = new Set<Promise<void>>();
  let made = 0;
  let closed = false;

  const start = async (folder: RunFolder, { config }: Trial): Promise<void> => {
    const engine = JSON.stringify(config.engine);
    await mkdir(folder.controlFolder, { recursive: true });
    const log = join(folder.controlFolder, `worker-${process.pid}-${++made}.log`);
    // The trials' folder among its arguments lets a later execution find it, should we be killed.
    const trials = (await realpath(join(folder.path, 'trials'))) + sep;
    const warm = { engine, log, worker: await startProcess(script, ['--warm', trials, engine], log) };
    void warm.worker.ended.then(async () => {
      if (ready.delete(warm)) await discard(warm);
    });
    if (closed) warm.worker.kill('SIGKILL');
    ready.add(warm);
  };
  return {
    get count() {
      return ready.size + starting.size;
    },
    prepare(folder, like) {
      // A worker that cannot be made ready is not missed: its trial starts one of its own.
      const started: Promise<void> = start(folder, like)
        .catch(() => undefined)
        .finally(() => starting.delete(started));
      starting.add(started);
    },
    async take(folder, { id, config }) {
      const engine = JSON.stringify(config.engine);
      const warm = [...ready].find((candidate) => candidate.engine === engine && candidate.worker.pid > 0);
      const { log, path } = folder.trial(id);
      if (warm === undefined || (await exists(log)) || !ready.delete(warm)) return null;
      try {
        // The worker goes on writing to the file under its new name.
        await rename(warm.log, log);
      } catch {
        // Windows renames no open files.
        warm.worker.kill('SIGKILL');
        return null;
      }
      warm.worker.send({ type: 'trial', folder: await realpath(path) });
      return warm.worker;
    },
    async close() {
      closed = true;
      await Promise.all(starting);
      const left = [...ready];
      ready.clear();
      for (const { worker } of left) worker.kill('SIGKILL');
      await Promise.all(left.map(({ worker }) => worker.ended));
      await Promise.all(left.map(discard));
    },
  };
}

async function discard({ worker, log }: Warm): Promise<void> {
  await worker.log.close();
  await rm(log, { force: true });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
