import { Worker } from 'node:worker_threads';

/**
 * Ends this process by force once its parent is dead for so long: a thread looks twice a second, so that even a step
 * that takes minutes, in which no signal or message is heard, does not outlive the parent.
 */
export function guardAgainstOrphanhood(graceMs: number): void {
  const watcher = new Worker(WATCH, { eval: true, workerData: { parent: process.ppid, graceMs } });
  watcher.unref();
}

const WATCH = `
const { workerData: { parent, graceMs } } = require('node:worker_threads');
setInterval(() => {
  if (process.ppid === parent) return;
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs - 500);
}, 500);
`;
