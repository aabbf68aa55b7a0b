import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** The bit of SIGTERM in the masks of proc(5). */
const SIGTERM_BIT = 1n << 14n;

/** Stops a process until somebody sends it SIGTERM, or it is gone: so it lasts as long as its time limit. */
export async function holdUntilTold(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
    if (status === null) return;
    const pending = BigInt(`0x${/^ShdPnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
    if ((pending & SIGTERM_BIT) !== 0n) break;
    await pause(100);
  }
  process.kill(pid, 'SIGCONT');
}
