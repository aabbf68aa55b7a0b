import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/** A running worker and the memory that its trial is estimated to need, in bytes. */
export interface MemoryClaim {
  readonly pid: number;
  readonly bytes: number;
}

/** Knows how much memory is free, by a look at the system that it takes at most once a second. */
export interface MemoryLook {
  /** The bytes that a further trial may take: what was free, less what the running ones had yet to take then. */
  free(claims: readonly MemoryClaim[]): number;
  /** What was seen no longer holds. */
  again(): void;
}

const FRESH_MS = 1000;

export function memoryLook(now: () => number = () => performance.now(), system: MemoryFigures = figures): MemoryLook {
  let seen: { readonly at: number; readonly free: number; readonly resident: ReadonlyMap<number, number> } | null =
    null;
  return {
    free(claims) {
      if (seen === null || now() - seen.at > FRESH_MS) {
        const resident = new Map(claims.map(({ pid }) => [pid, system.residentOf(pid)]));
        seen = { at: now(), free: system.available(), resident };
      }
      const { free, resident } = seen;
      // A worker that has come since counts as a whole, and what one that has gone gave back counts with the next look.
      return claims.reduce((left, { pid, bytes }) => left - Math.max(0, bytes - (resident.get(pid) ?? 0)), free);
    },
    again() {
      seen = null;
    },
  };
}

/** What the system says of memory, in bytes. */
export interface MemoryFigures {
  /** Within the limits of a container, where there is one. */
  available(): number;
  /** Of a process; 0 where the system does not say. */
  residentOf(pid: number): number;
}

const figures: MemoryFigures = {
  available() {
    const { availableMemory } = process as { availableMemory?: () => number };
    return Math.min(availableMemory?.call(process) ?? Number.POSITIVE_INFINITY, freemem());
  },
  residentOf(pid) {
    try {
      // No disk is behind it; proc(5), statm counts pages of 4 KiB as a rule.
      return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) || 0) * 4096;
    } catch {
      return 0;
    }
  },
};
