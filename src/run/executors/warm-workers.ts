import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Trial } from '../../plan/plan.js';
import type { RunFolder } from '../run-folder.js';
import { withEngine } from './worker-environment.js';
import { type Start, startProcess, type WorkerProcess } from './worker-process.js';

/** Workers that have loaded their engine and wait for a trial; each runs one, as any worker does. */
export interface WarmWorkers {
  /** Starts one for a trial like this one, in the background. */
  prepare(folder: RunFolder, like: Trial): void;
  /**
   * A worker that was made ready and is now told of the trial, and whether that is expected to be brief; null where none
   * fits.
   */
  take(folder: RunFolder, trial: Trial, options: { readonly brief: boolean }): WorkerProcess | null;
  readonly count: number;
  close(): Promise<void>;
}

interface Warm {
  readonly engine: string;
  readonly log: string;
  readonly worker: WorkerProcess;
}

export function warmWorkers({ script, environment }: Pick<Start, 'script' | 'environment'>): WarmWorkers {
  const ready = new Set<Warm>();
  const places = new Map<string, string>();
  const waitingFolders = new Set<string>();
  // The tasks of a cluster have their workers wait in one folder, on nodes that count processes each for themselves.
  const name = randomBytes(6).toString('hex');
  let made = 0;

  /** Where the trials of a run really are. */
  const placeOf = (folder: RunFolder): string => {
    const known = places.get(folder.path);
    if (known !== undefined) return known;
    const place = realpathSync.native(join(folder.path, 'trials')) + sep;
    places.set(folder.path, place);
    return place;
  };
  const start = (folder: RunFolder, { config }: Trial): void => {
    const engine = JSON.stringify(config.engine);
    // The trials' folder among its arguments lets a later execution find it, should we be killed.
    const args = ['--warm', placeOf(folder), engine];
    mkdirSync(folder.waitingFolder, { recursive: true });
    waitingFolders.add(folder.waitingFolder);
    const log = join(folder.waitingFolder, `${name}-${++made}.log`);
    const own = withEngine(environment, config.engine);
    const warm = { engine, log, worker: startProcess({ script, args, environment: own, log }) };
    ready.add(warm);
    void warm.worker.ended.then(() => {
      if (ready.delete(warm)) discard(warm);
    });
  };
  return {
    get count() {
      return ready.size;
    },
    prepare(folder, like) {
      try {
        start(folder, like);
      } catch {
        // A worker that cannot be made ready is not missed: its trial starts one of its own.
      }
    },
    take(folder, { id, config }, { brief }) {
      const engine = JSON.stringify(config.engine);
      const warm = [...ready].find((candidate) => candidate.engine === engine && candidate.worker.pid > 0);
      const { log } = folder.trial(id);
      if (warm === undefined || existsSync(log)) return null;
      ready.delete(warm);
      try {
        // The worker goes on writing to the file under its new name.
        renameSync(warm.log, log);
      } catch {
        // Windows renames no open files.
        warm.worker.kill('SIGKILL');
        return null;
      }
      warm.worker.send({ type: 'trial', folder: join(placeOf(folder), id), brief });
      return warm.worker;
    },
    async close() {
      const left = [...ready];
      ready.clear();
      for (const { worker } of left) worker.kill('SIGKILL');
      await Promise.all(left.map(({ worker }) => worker.ended));
      left.forEach(discard);
      waitingFolders.forEach(discardEmpty);
    },
  };
}

function discard({ log }: Warm): void {
  rmSync(log, { force: true });
}

function discardEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Workers of another task wait there.
  }
}
