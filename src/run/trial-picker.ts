import { setTimeout as pause } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Trial } from '../plan/plan.js';
import { freeMemory } from './free-memory.js';
import type { TrialQueue } from './trial-queue.js';

export interface PickerOptions {
  readonly queue: TrialQueue;
  /** The bytes that a trial needs at most. */
  readonly memory: (trial: Trial) => number;
  /** Aborted: nothing is picked any more. */
  readonly signal: AbortSignal;
}

/** Deals out trials when there is memory for them. */
export interface TrialPicker {
  /** The next trial to start, once there is memory for it; null when none is left. */
  next(): Promise<Trial | null>;
  /** The process of a trial that was picked: from now on what it holds is known. */
  started(trial: Trial, pid: number): void;
  ended(trial: Trial): void;
}

const LOOK_AGAIN_MS = 1000;

export function trialPicker({ queue, memory, signal }: PickerOptions): TrialPicker {
  const claims = new Map<string, { readonly pid: number; readonly bytes: number }>();
  // Two that look at once would both take what is free.
  const oneAtATime = pLimit(1);
  const claim = (trial: Trial, pid: number): void => {
    claims.set(trial.id, { pid, bytes: memory(trial) });
  };
  const pick = async (): Promise<Trial | null> => {
    while (queue.size > 0 && !signal.aborted) {
      // Where nothing runs nobody would free memory by ending: the worker itself refuses what cannot fit at all.
      const free = claims.size === 0 ? Number.POSITIVE_INFINITY : freeMemory([...claims.values()]);
      const trial = signal.aborted ? null : queue.take((waiting) => memory(waiting) <= free);
      if (trial !== null) {
        claim(trial, 0);
        return trial;
      }
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    return null;
  };
  return {
    next: () => oneAtATime(pick),
    started: claim,
    ended: (trial) => void claims.delete(trial.id),
  };
}
