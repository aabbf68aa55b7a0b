import type { Trial } from '../../../plan/plan.js';
import type { failureLimit } from '../../failure-limit.js';
import type { NewJournalEvent } from '../../journal.js';
import type { Work } from '../executor.js';
import type { Cluster } from './cluster.js';
import type { OpenTrial } from './open-trial.js';
import type { SlurmSettings } from './settings.js';
import type { ClusterTask } from './task-list.js';

export interface FollowPace {
  /** Between two looks after something happened. */
  readonly firstMs: number;
  /** While nothing happens. */
  readonly mostMs: number;
  /** How late a shared file system may show what a task wrote before it ended. */
  readonly patienceMs: number;
  /** Before a submission is tried again that the cluster had no room for. */
  readonly busyMs: number;
}

export interface FollowOptions {
  readonly settings: SlurmSettings;
  readonly cache: string;
  readonly seconds: (trial: Trial) => number | null;
  readonly detach?: boolean;
  readonly onlyFollow?: boolean;
  readonly prepare?: () => Promise<void>;
  readonly cluster: Cluster;
  readonly pace: FollowPace;
}

/** Everything that the following of a run knows; one process has one. */
export interface Following {
  readonly work: Work;
  readonly options: FollowOptions;
  /** All trials without a final result. */
  readonly open: Map<string, OpenTrial>;
  /** Those of them that are to be submitted. */
  readonly waiting: Set<OpenTrial>;
  tasks: readonly ClusterTask[];
  /** How far the jobs are to be ended; null while they are not. */
  stopping: 'stop' | 'kill' | null;
  /** Tells what is not about one trial; the same thing once. */
  say(message: string): void;
  record(...events: readonly NewJournalEvent[]): Promise<void>;
  /** Whether this result ends the run. */
  readonly failures: ReturnType<typeof failureLimit>;
}
