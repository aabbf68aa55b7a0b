import { RunFolder } from '../../run-folder.js';
import { answerProbe } from './answer-probe.js';
import { runTask, type TaskStop } from './run-task.js';
import type { StopReason } from './trial-story.js';

/**
 * What a job runs on its compute node: `node task.js run <run folder> <array>` for a task of an array, or
 * `node task.js probe <folder>`. SIGUSR1 comes before the time limit; SIGTERM when Slurm ends the task.
 */
const [what, folder = '', array = ''] = process.argv.slice(2);

const listeners = new Set<() => void>();
let reason: StopReason | null = null;
const stop: TaskStop = {
  get reason() {
    return reason;
  },
  onStop(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
const hear = (why: StopReason): void => {
  reason ??= why;
  for (const listener of [...listeners]) listener();
};
process.on('SIGUSR1', () => hear('time-limit'));
process.on('SIGTERM', () => hear('signal'));

if (what === 'probe') {
  await answerProbe(folder);
} else {
  const { SLURM_ARRAY_JOB_ID: job, SLURM_ARRAY_TASK_ID: index } = process.env;
  if (job === undefined || index === undefined) throw new Error('expected to be a task of a Slurm job array');
  const task = { folder: new RunFolder(folder), array: Number(array), index: Number(index), job: `${job}_${index}` };
  await runTask(task, stop);
}
// At once: nothing that is left open must hold the task, and with it a part of the node.
process.exit(reason === 'signal' ? 143 : 0);
