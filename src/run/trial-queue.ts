import type { Trial } from '../plan/plan.js';

export interface QueueOptions {
  readonly trials: readonly Trial[];
  /** How much a trial computes, in any unit. */
  readonly cost: (trial: Trial) => number;
  /** Longest first; false keeps the order given, which is the plan's. */
  readonly longestFirst: boolean;
}

/** The trials that wait for their turn. */
export interface TrialQueue {
  readonly size: number;
  /** Takes out the first that fits; null when there is none. */
  take(fits: (trial: Trial) => boolean): Trial | null;
  /** Takes out the trial of that id; null when it does not wait. */
  remove(id: string): Trial | null;
  /** Takes out all that are left. */
  clear(): readonly Trial[];
  /** How long a trial took, which the order of those that wait learns from. */
  learn(trial: Trial, seconds: number): void;
}

interface Waiting {
  readonly trial: Trial;
  readonly cost: number;
}

/**
 * Trials in the order in which to start them. A long trial that starts last keeps one core busy and the others idle, so
 * with several at once the longest go first: by the mean time of the same arm where one ended, else by their cost.
 */
export function trialQueue({ trials, cost, longestFirst }: QueueOptions): TrialQueue {
  let waiting: Waiting[] = trials.map((trial) => ({ trial, cost: longestFirst ? cost(trial) : 0 }));
  const arms = new Map<string, { count: number; seconds: number }>();
  let measured = { cost: 0, seconds: 0 };

  const estimate = ({ trial, cost }: Waiting): number => {
    const arm = arms.get(trial.arm);
    if (arm !== undefined) return arm.seconds / arm.count;
    return measured.cost > 0 ? (cost * measured.seconds) / measured.cost : cost;
  };
  const sort = (): void => {
    // Stable: equals stay in the plan's order.
    const estimates = new Map(waiting.map((entry) => [entry, estimate(entry)]));
    waiting.sort((a, b) => estimates.get(b)! - estimates.get(a)!);
  };
  const takeAt = (index: number): Trial | null => (index < 0 ? null : waiting.splice(index, 1)[0]!.trial);
  if (longestFirst) sort();

  return {
    get size() {
      return waiting.length;
    },
    take: (fits) => takeAt(waiting.findIndex(({ trial }) => fits(trial))),
    remove: (id) => takeAt(waiting.findIndex(({ trial }) => trial.id === id)),
    clear() {
      const left = waiting.map(({ trial }) => trial);
      waiting = [];
      return left;
    },
    learn(trial, seconds) {
      if (!longestFirst) return;
      const arm = arms.get(trial.arm);
      arms.set(trial.arm, { count: (arm?.count ?? 0) + 1, seconds: (arm?.seconds ?? 0) + seconds });
      measured = { cost: measured.cost + cost(trial), seconds: measured.seconds + seconds };
      // Only an arm's first time says something new about others.
      if (arm === undefined) sort();
    },
  };
}
