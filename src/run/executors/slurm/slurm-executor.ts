import type { Trial } from '../../../plan/plan.js';
import type { Executor } from '../executor.js';
import { type Cluster, slurmCluster } from './cluster.js';
import { followCluster } from './follow-cluster.js';
import type { FollowPace } from './following.js';
import type { SlurmSettings } from './settings.js';

export interface SlurmOptions {
  readonly settings: SlurmSettings;
  /** Where the data was prepared. */
  readonly cache: string;
  /** How long a trial is expected to take; null where nothing tells. */
  readonly seconds: (trial: Trial) => number | null;
  /** Leave as soon as everything is submitted. */
  readonly detach?: boolean;
  /** Called before anything is submitted: what the jobs need beside the run folder. */
  readonly prepare?: () => Promise<void>;
  /** Only follow what was submitted before: nobody asked to run again what was cancelled meanwhile. */
  readonly onlyFollow?: boolean;
  readonly cluster?: Cluster;
  readonly pace?: Partial<FollowPace>;
}

/** Between looks a second at first and, while nothing happens, half a minute; a file may be seen a minute late. */
const PACE: FollowPace = { firstMs: 1000, mostMs: 30_000, patienceMs: 60_000, busyMs: 60_000 };

/** Runs trials as job arrays of a Slurm cluster and follows them by their files and the cluster's queue. */
export function slurmExecutor(options: SlurmOptions): Executor {
  const { cluster = slurmCluster(), pace = {} } = options;
  return {
    name: 'slurm',
    run: (work) => followCluster(work, { ...options, cluster, pace: { ...PACE, ...pace } }),
    close: async () => undefined,
  };
}
