import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';

/** A running worker and the memory that its trial is estimated to need, in bytes. */
export interface MemoryClaim {
  readonly pid: number;
  readonly bytes: number;
}

/** The bytes that a further trial may take: what is free now, less what the running ones have yet to take. */
export async function freeMemory(claims: readonly MemoryClaim[]): Promise<number> {
  const yetToTake = await Promise.all(
    claims.map(async ({ pid, bytes }) => Math.max(0, bytes - (await residentOf(pid)))),
  );
  return available() - yetToTake.reduce((sum, bytes) => sum + bytes, 0);
}

/** Within the limits of a container, where there is one. */
function available(): number {
  const { availableMemory } = process as { availableMemory?: () => number };
  return Math.min(availableMemory?.call(process) ?? Number.POSITIVE_INFINITY, freemem());
}

/** A process's resident bytes; 0 where the system does not say (proc(5), statm counts pages of 4 KiB as a rule). */
async function residentOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return (Number(text.split(' ')[1]) || 0) * 4096;
}
