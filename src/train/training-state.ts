import type { EpochRecord } from '../trial/result.js';

/**
 * Where a training stands at the end of an epoch, besides the parameters and the optimiser's memory. Random streams
 * are keyed by epoch and step and so have no state of their own.
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
}

export function newTrainingState(): TrainingState {
  return { epoch: 0, step: 0, update: 0, history: [], best_weights: null };
}
