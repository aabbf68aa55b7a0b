import type { StoredTensor } from '../model/safetensors.js';
import type { EpochRecord } from '../trial/result.js';
import type { MeansState } from './metrics/running-mean.js';

/** Where a training stands within an epoch, after an update. */
export interface PartialEpoch {
  /** Batches of the epoch trained on. */
  readonly batches: number;
  readonly means: MeansState;
  readonly tokens: number;
  readonly seconds: number;
  /** The last batch's learning rate. */
  readonly lr: number;
  /** The language model's state after the last window, by name; empty where none is carried. */
  readonly carried: ReadonlyMap<string, StoredTensor>;
}

/**
 * Where a training stands between two updates, besides the parameters and the optimiser's memory. Random streams are
 * keyed by epoch and step and so have no state of their own.
 */
export interface TrainingState {
  /** Finished epochs. */
  epoch: number;
  /** Batches trained on. */
  step: number;
  /** Optimiser updates. */
  update: number;
  history: readonly EpochRecord[];
  /** The parameters of the best epoch so far, where early stopping restores them. */
  best_weights: ReadonlyMap<string, Float32Array> | null;
  /** How far the next epoch is; null at the end of an epoch. */
  partial: PartialEpoch | null;
}

export function newTrainingState(): TrainingState {
  return { epoch: 0, step: 0, update: 0, history: [], best_weights: null, partial: null };
}
