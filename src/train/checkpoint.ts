import type { Model } from '../model/model.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { TrainingState } from './training-state.js';

/** What a checkpoint holds besides the training's state. */
export interface CheckpointedTensors {
  readonly model: Model;
  readonly optimizer: Optimizer;
}

/** Saves a training at the end of an epoch and brings it back. */
export interface CheckpointStore {
  /** Sets parameters and optimiser to the newest sound checkpoint and returns its state; null when there is none. */
  load(tensors: CheckpointedTensors): Promise<TrainingState | null>;
  save(state: TrainingState, tensors: CheckpointedTensors): Promise<void>;
}
