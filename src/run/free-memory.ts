import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';

/** A running worker and the memory that its trial is estimated to need, in bytes. */
export interface MemoryClaim {
  readonly pid: number;
  readonly bytes: number;
}

/** The bytes that a further trial may take: what is free now, less what the running ones have yet to take. */
export function freeMemory(claims: readonly MemoryClaim[]): number {
  const yetToTake = claims.map(({ pid, bytes }) => Math.max(0, bytes - residentOf(pid)));
  return available() - yetToTake.reduce((sum, bytes) => sum + bytes, 0);
}

/** Within the limits of a container, where there is one. */
function available(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return Math.min(availableMemory?.call(process) ?? Number.POSITIVE_INFINITY, freemem());
}

/** A process's resident bytes; 0 where the system does not say (proc(5), statm counts pages of 4 KiB as a rule). */
function residentOf(pid: number): number {
  try {
    // No disk is behind it.
    return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) || 0) * 4096;
  } catch {
    return 0;
  }
}
