import type { Batches, TrainTask } from './train-task.js';

/** A task whose passes end after `most` batches: for smoke runs, which only show that everything works. */
export function limitedTask<B>(task: TrainTask<B>, most: number): TrainTask<B> {
  return {
    ...task,
    trainingBatches: (epoch) => limited(task.trainingBatches(epoch), most),
    evaluationBatches: (split) => limited(task.evaluationBatches(split), most),
  };
}

function limited<B>({ count, batches }: Batches<B>, most: number): Batches<B> {
  return { count: Math.min(count, most), batches: firstOf(batches, most) };
}

function* firstOf<B>(batches: Iterable<B>, most: number): Generator<B> {
  let left = most;
  if (left <= 0) return;
  for (const batch of batches) {
    yield batch;
    if (--left === 0) return;
  }
}
