import type { CheckpointedTensors, CheckpointStore } from './checkpoint.js';
import type { TrainContext } from './train-context.js';
import type { PartialEpoch, TrainingState } from './training-state.js';

/** Decides when a training is saved. */
export interface Checkpointing {
  /** Whether the store's interval has passed since the last save; never where every epoch's end is saved. */
  due(): boolean;
  /** Saves the training between two updates; null at the end of an epoch. */
  save(partial: PartialEpoch | null): Promise<void>;
  /** Saves at the end of an epoch: always, or only when due where there is an interval. */
  epochEnded(): Promise<void>;
}

export interface CheckpointingOptions {
  readonly store: CheckpointStore | null;
  readonly context: TrainContext;
  readonly state: TrainingState;
  readonly tensors: CheckpointedTensors;
}

export function createCheckpointing({ store, context, state, tensors }: CheckpointingOptions): Checkpointing {
  const every = store?.every_seconds ?? null;
  let saved = context.now();
  const due = (): boolean => every !== null && context.now() - saved >= every * 1000;
  const save = async (partial: PartialEpoch | null): Promise<void> => {
    await store?.save({ ...state, partial }, tensors);
    saved = context.now();
  };
  return {
    due,
    save,
    async epochEnded() {
      if (every === null || due()) await save(null);
    },
  };
}
