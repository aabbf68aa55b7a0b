import type { Following } from './following.js';
import { packTasks, split } from './pack-tasks.js';
import { refusal } from './refusal.js';
import { type SlurmSettings, timeSeconds } from './settings.js';
import { submitArray } from './submit-arrays.js';

/** Hands the trials that wait to the cluster. */
export interface Submitter {
  /** The number of the last array. */
  last: number;
  /** Submits what waits and may be submitted now. Throws what sbatch refuses once nothing else runs. */
  submit(): Promise<void>;
}

export function createSubmitter(following: Following): Submitter {
  const { work, options, waiting, say, record } = following;
  const { cluster, settings, cache, pace, seconds, prepare } = options;
  let limit: number | null = null;
  let notBefore = 0;
  let lastJob: string | null = null;
  let prepared = false;

  const submitter: Submitter = {
    last: 0,
    async submit() {
      const now = performance.now();
      const ready = [...waiting].filter((trial) => trial.notBefore <= now);
      if (ready.length === 0 || now < notBefore) return;
      if (!prepared) await prepare?.();
      prepared = true;
      limit ??= await cluster.arrayLimit();
      const byId = new Map(ready.map((open) => [open.trial.id, open]));
      const packing = { seconds, minSeconds: settings.min_task_minutes * 60, maxSeconds: longest(settings) };
      const packed = packTasks(
        ready.map(({ trial }) => trial),
        packing,
      );
      for (const part of split(packed, limit)) {
        if (following.stopping !== null || work.interruption.leaving.aborted) return;
        const tasks = part.map((trials) => trials.map(({ id }) => byId.get(id)!));
        const array = ++submitter.last;
        const after = settings.max_parallel === undefined ? null : lastJob;
        const answer = await submitArray({ work, cluster, settings, cache, array, tasks, after });
        if (!('job' in answer)) {
          if (answer.refused === 'wrong' && following.tasks.length === 0) throw await refusal(answer);
          say(`the cluster does not take more jobs now: ${answer.reason}`);
          notBefore = performance.now() + pace.busyMs;
          return;
        }
        const { job } = answer;
        lastJob = job;
        const count = { tasks: tasks.length, trials: tasks.flat().length };
        await record({ event: 'submitted', array, job, ...count });
        work.emit({ event: 'submitted', job, ...count });
        following.tasks = [...following.tasks, ...answer.tasks];
        for (const trial of tasks.flat()) waiting.delete(trial);
      }
    },
  };
  return submitter;
}

/** A packed task is to end before its time limit. */
function longest({ time }: SlurmSettings): number {
  return time === undefined ? Number.POSITIVE_INFINITY : 0.8 * timeSeconds(time);
}
