import type { Model } from '../model/model.js';
import type { TrialConfig } from '../plan/trial-config.js';
import type { EpochRecord, SplitMetrics, SplitName } from '../trial/result.js';
import type { CheckpointStore } from './checkpoint.js';
import { createCheckpointing } from './checkpointing.js';
import { isEvaluated, judgeHistory } from './early-stopping.js';
import { evaluateSplit } from './evaluate.js';
import { limitedTask } from './limited-task.js';
import { createOptimizer } from './optimizers/create-optimizer.js';
import { divergedAfter, type Outcome, outcomeOf, type Stop } from './outcome.js';
import { createProgress } from './progress.js';
import { createPulse, type Pulse } from './pulse.js';
import type { TrainContext } from './train-context.js';
import { trainEpoch } from './train-epoch.js';
import type { TrainTask } from './train-task.js';
import { newTrainingState, type TrainingState } from './training-state.js';
import { createUpdater } from './updater.js';
import { checkWatched } from './watched-metrics.js';
import { copyWeights, restoreWeights } from './weights.js';

export interface TrainOptions<B> {
  readonly config: Pick<TrialConfig, 'train' | 'optimizer'>;
  readonly model: Model;
  readonly task: TrainTask<B>;
  readonly context: TrainContext;
  /** Where to save the training and to go on from; null for neither. */
  readonly checkpoints: CheckpointStore | null;
}

/** Trains a model to its last epoch, or until early stopping, divergence, a time limit or a cancellation ends it. */
export async function train<B>(options: TrainOptions<B>): Promise<Outcome> {
  const { config, model, context, checkpoints } = options;
  const { epochs, early_stopping, max_batches } = config.train;
  const task = max_batches === undefined ? options.task : limitedTask(options.task, max_batches);
  checkWatched(config, task.evaluated);
  const optimizer = createOptimizer(config.optimizer, model.trainable);
  const updater = createUpdater(config.train, optimizer);
  const pulse = createPulse(context);
  const report = createProgress({ context, epochs });
  const state = (await checkpoints?.load({ model, optimizer })) ?? newTrainingState();
  const checkpointing = createCheckpointing({ store: checkpoints, context, state, tensors: { model, optimizer } });
  let stop: Stop | null = null;

  while (state.epoch < epochs && !stoppedEarly(config, state)) {
    context.emit({ type: 'phase', phase: 'train' });
    const trained = await trainEpoch({ config, model, task, updater, pulse, context, state, checkpointing, report });
    if ('stop' in trained) {
      stop = trained.stop;
      if (trained.position !== null) await checkpointing.save(trained.position);
      break;
    }
    const evaluated = await evaluateEpoch({ config, task, state, pulse, context });
    if ('stop' in evaluated) {
      stop = evaluated.stop;
      await checkpointing.save(trained.position);
      break;
    }
    const record: EpochRecord = {
      epoch: state.epoch + 1,
      train: trained.metrics,
      ...evaluated.metrics,
      ...trained.figures,
      evaluate_seconds: evaluated.seconds,
    };
    stop = divergedAfter(record);
    if (stop !== null) break;
    state.epoch++;
    state.history = [...state.history, record];
    if (isBest(config, state)) state.best_weights = copyWeights(model.parameters);
    context.emit({ type: 'epoch', record });
    if (state.epoch < epochs) await checkpointing.epochEnded();
  }

  if (stop === null && state.best_weights !== null) restoreWeights(model.parameters, state.best_weights);
  updater.dispose();
  optimizer.dispose();
  task.dispose();
  const restored = stop === null && early_stopping?.restore_best === true;
  return outcomeOf(state, stop, restored ? judgeHistory(early_stopping, config.train, state.history).best_epoch : null);
}

interface EvaluateEpochOptions<B> {
  readonly config: Pick<TrialConfig, 'train'>;
  readonly task: TrainTask<B>;
  readonly state: TrainingState;
  readonly pulse: Pulse;
  readonly context: TrainContext;
}

type Evaluated =
  | { readonly metrics: { readonly [split in SplitName]?: SplitMetrics }; readonly seconds: number }
  | { readonly stop: Stop };

/** Evaluates the held-out splits after every `evaluate_every` epochs and after the last. */
async function evaluateEpoch<B>({ config, task, state, pulse, context }: EvaluateEpochOptions<B>): Promise<Evaluated> {
  const epoch = state.epoch + 1;
  const began = context.now();
  const metrics: { [split in SplitName]?: SplitMetrics } = {};
  if (!isEvaluated(epoch, config.train)) return { metrics, seconds: 0 };
  if (task.evaluated.length > 0) context.emit({ type: 'phase', phase: 'evaluate' });
  for (const split of task.evaluated) {
    const figures = await evaluateSplit(task, split, pulse);
    if (typeof figures === 'string') return { stop: { state: figures } };
    metrics[split] = figures;
  }
  return { metrics, seconds: (context.now() - began) / 1000 };
}

function stoppedEarly({ train }: Pick<TrialConfig, 'train'>, state: TrainingState): boolean {
  return train.early_stopping !== null && judgeHistory(train.early_stopping, train, state.history).stop;
}

/** Whether the epoch just recorded is the one that early stopping would restore. */
function isBest({ train }: Pick<TrialConfig, 'train'>, state: TrainingState): boolean {
  if (train.early_stopping === null || !train.early_stopping.restore_best) return false;
  return judgeHistory(train.early_stopping, train, state.history).best_epoch === state.epoch;
}
