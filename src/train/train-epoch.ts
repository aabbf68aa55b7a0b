import { meanLoss } from '../engine/ops.js';
import type { Model } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import { tf } from '../tf.js';
import type { EpochRecord, SplitMetrics } from '../trial/result.js';
import { batchGradients } from './batch-gradients.js';
import type { Checkpointing } from './checkpointing.js';
import { runningMeans } from './metrics/running-mean.js';
import { divergedAt, type Stop } from './outcome.js';
import type { EpochProgress } from './progress.js';
import type { Pulse } from './pulse.js';
import { learningRate } from './schedules/learning-rate.js';
import type { TrainContext } from './train-context.js';
import type { TrainTask } from './train-task.js';
import type { PartialEpoch, TrainingState } from './training-state.js';
import type { Updater } from './updater.js';

export interface EpochOptions<B> {
  readonly config: Pick<TrialConfig, 'train' | 'optimizer'>;
  readonly model: Model;
  readonly task: TrainTask<B>;
  readonly updater: Updater;
  readonly pulse: Pulse;
  readonly context: TrainContext;
  /** Its step and update counts move on with every batch; where it has a partial epoch, that is gone on with. */
  readonly state: TrainingState;
  readonly checkpointing: Checkpointing;
  readonly report: (progress: EpochProgress) => void;
}

export type TrainedEpoch =
  | {
      readonly metrics: SplitMetrics;
      readonly figures: Pick<
        EpochRecord,
        'lr' | 'train_seconds' | 'batches' | 'batches_per_second' | 'tokens_per_second'
      >;
      readonly position: PartialEpoch;
    }
  | {
      readonly stop: Stop;
      /** Where to go on; null where batches wait for their update, or nothing can be gone on with. */
      readonly position: PartialEpoch | null;
    };

/** One pass over the training split: per batch the gradient, clipping, the optimiser's step; or why it stopped. */
export async function trainEpoch<B>(options: EpochOptions<B>): Promise<TrainedEpoch> {
  const { config, model, task, updater, pulse, context, state, checkpointing, report } = options;
  const { partial } = state;
  state.partial = null;
  const means = runningMeans(partial?.means);
  const { count, batches } = task.trainingBatches(state.epoch);
  const epoch = state.epoch + 1;
  const began = context.now() - 1000 * (partial?.seconds ?? 0);
  const progress = { epoch, batches: count, means, began, history: state.history };
  let lr = partial?.lr ?? nextRate(config, state);
  let tokens = partial?.tokens ?? 0;
  let toSkip = partial?.batches ?? 0;
  if (partial !== null) task.restoreCarried(partial.carried);
  const position = (): PartialEpoch => ({
    batches: means.batches,
    means: means.state(),
    tokens,
    seconds: (context.now() - began) / 1000,
    lr,
    carried: task.carried(),
  });

  for (const batch of batches) {
    if (toSkip > 0) {
      toSkip--;
      continue;
    }
    const interruption = await pulse.beat();
    if (interruption !== null) {
      return { stop: { state: interruption }, position: updater.pending ? null : position() };
    }
    if (!updater.pending && checkpointing.due()) await checkpointing.save(position());

    let logits: tf.Tensor | null = null;
    let weight = 0;
    const { loss, gradients } = batchGradients(model.trainable, () => {
      const result = task.forward(batch, { training: true, step: state.step });
      logits = result.logits;
      weight = result.weight;
      return { loss: meanLoss(result.values, weight), keep: [result.logits] };
    });
    state.step++;
    const correct = task.correct(batch, logits!);
    tf.dispose(logits!);
    if (!Number.isFinite(loss)) {
      tf.dispose([...gradients.values()]);
      return { stop: divergedAt(loss, { epoch, batch: means.batches + 1, step: state.step }), position: null };
    }

    lr = nextRate(config, state);
    if (updater.add(gradients, lr)) state.update++;
    means.add({ loss, weight, correct, samples: task.samples(batch) });
    tokens += task.tokens(batch);
    report(progress);
  }
  if (updater.flush(lr)) state.update++;

  const train_seconds = (context.now() - began) / 1000;
  const perSecond = (amount: number): number => amount / Math.max(train_seconds, 1e-6);
  return {
    position: position(),
    metrics: task.trainMetrics(means),
    figures: {
      lr,
      train_seconds,
      batches: means.batches,
      batches_per_second: perSecond(means.batches),
      tokens_per_second: perSecond(tokens),
    },
  };
}

function nextRate({ train, optimizer }: Pick<TrialConfig, 'train' | 'optimizer'>, state: TrainingState): number {
  const { epoch, update, history } = state;
  return learningRate(optimizer, { epoch, epochs: train.epochs, update, history });
}
