import { tf } from '../tf.js';
import type { SplitMetrics, SplitName } from '../trial/result.js';
import { runningMeans } from './metrics/running-mean.js';
import type { Pulse } from './pulse.js';
import type { Interruption } from './train-context.js';
import type { TrainTask } from './train-task.js';

/** The figures of a split under the model as it is, batch by batch in the data's order; or why it was interrupted. */
export async function evaluateSplit<B>(
  task: TrainTask<B>,
  split: SplitName,
  pulse: Pulse,
): Promise<SplitMetrics | Interruption> {
  const means = runningMeans();
  const collector = task.collect(split);
  for (const batch of task.evaluationBatches(split).batches) {
    const interruption = await pulse.beat();
    if (interruption !== null) return interruption;
    tf.tidy(() => {
      // Steps below 0 keep evaluation's random initial states apart from training's, and the same in every epoch.
      const { logits, values, weight } = task.forward(batch, { training: false, step: -1 - means.batches });
      const losses = values.dataSync();
      let sum = 0;
      for (const loss of losses) sum += loss;
      const correct = collector.add(batch, logits);
      means.add({ loss: sum / weight, weight, correct, samples: task.samples(batch) });
    });
  }
  return collector.metrics(means);
}
