import pLimit from 'p-limit';
import type { Trial } from '../plan/plan.js';
import { memoryLook } from './free-memory.js';
import { gpuSlots } from './gpu-slots.js';
import { type GpuShare, usesGpu } from './gpus.js';
import type { TrialQueue } from './trial-queue.js';

export interface PickerOptions {
  readonly queue: TrialQueue;
  /** The bytes that a trial needs at most. */
  readonly memory: (trial: Trial) => number;
  readonly gpus: GpuShare | null;
  /** Aborted: nothing is picked any more. */
  readonly signal: AbortSignal;
}

/** A trial that may start now. */
export interface Picked {
  readonly trial: Trial;
  /** The GPU that it has to itself or shares, by its name; null where it uses none, or all that are there. */
  readonly gpu: string | null;
}

/** Deals out trials when there is memory for them, and a GPU where they use one. */
export interface TrialPicker {
  /** The next trial to start, once there is room for it; null when none is left. */
  next(): Promise<Picked | null>;
  /** The process of a trial that was picked: from now on what it holds is known. */
  started(trial: Trial, pid: number): void;
  ended(trial: Trial): void;
}

const LOOK_AGAIN_MS = 1000;

interface Claim {
  readonly pid: number;
  readonly bytes: number;
  readonly gpu: string | null;
}

export function trialPicker({ queue, memory, gpus, signal }: PickerOptions): TrialPicker {
  const claims = new Map<string, Claim>();
  const slots = gpus === null ? null : gpuSlots(gpus);
  const look = memoryLook();
  // Two that look at once would both take what is free.
  const oneAtATime = pLimit(1);
  let wake = (): void => undefined;
  signal.addEventListener('abort', () => wake(), { once: true });
  const onGpu = (trial: Trial): boolean => slots !== null && usesGpu(trial);
  // The trials of an arm differ in their seeds only.
  const needed = new Map<string, number>();
  const bytesOf = (trial: Trial): number => {
    const known = needed.get(trial.arm) ?? memory(trial);
    needed.set(trial.arm, known);
    return known;
  };
  const pickNow = (): Picked | null => {
    // Where nothing runs nobody would free memory by ending: the worker itself refuses what cannot fit at all.
    const free = claims.size === 0 ? Number.POSITIVE_INFINITY : look.free([...claims.values()]);
    const fits = (trial: Trial): boolean => bytesOf(trial) <= free && (!onGpu(trial) || slots!.free > 0);
    const trial = queue.take(fits);
    if (trial === null) return null;
    const gpu = onGpu(trial) ? slots!.take() : null;
    claims.set(trial.id, { pid: 0, bytes: bytesOf(trial), gpu });
    return { trial, gpu };
  };
  const pick = async (): Promise<Picked | null> => {
    while (queue.size > 0 && !signal.aborted) {
      let picked = pickNow();
      if (picked === null) {
        // What is free may be more by now than when we looked.
        look.again();
        picked = pickNow();
      }
      if (picked !== null) return picked;
      // What a trial held is free as it ends, and memory may be freed by others.
      await new Promise<void>((done) => {
        const timer = setTimeout(done, LOOK_AGAIN_MS);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    return null;
  };
  return {
    async next() {
      // Who meets nobody need not queue.
      const alone = oneAtATime.activeCount + oneAtATime.pendingCount === 0;
      const picked = alone && !signal.aborted ? pickNow() : null;
      return picked ?? oneAtATime(pick);
    },
    started(trial, pid) {
      const claim = claims.get(trial.id);
      if (claim !== undefined) claims.set(trial.id, { ...claim, pid });
    },
    ended(trial) {
      const gpu = claims.get(trial.id)?.gpu ?? null;
      if (gpu !== null) slots!.give(gpu);
      claims.delete(trial.id);
      wake();
    },
  };
}
