import type { EpochRecord, SplitMetrics, SplitName } from '../trial/result.js';
import type { Interruption } from './train-context.js';
import type { TrainingState } from './training-state.js';

/** Why a training ended before its last epoch. */
export type Stop =
  | { readonly state: Interruption }
  | { readonly state: 'diverged'; readonly message: string; readonly hint: string };

/** How a training ended. */
export interface Outcome {
  readonly stop: Stop | null;
  /** The figures at the end, or of the restored best epoch. */
  readonly metrics: { readonly [split in SplitName]?: SplitMetrics };
  readonly epochs: readonly EpochRecord[];
}

/** The outcome of a training whose parameters are those of `restored` (an epoch from 1), or of the last epoch. */
export function outcomeOf({ history }: TrainingState, stop: Stop | null, restored: number | null): Outcome {
  const record = restored === null ? history.at(-1) : history.find(({ epoch }) => epoch === restored);
  const metrics: { [split in SplitName]?: SplitMetrics } = {};
  if (record !== undefined) metrics.train = record.train;
  for (const split of ['validation', 'test'] as const) {
    // After an interruption the last epoch may be one that was not evaluated.
    const figures = record?.[split] ?? history.findLast((earlier) => earlier[split] !== undefined)?.[split];
    if (figures !== undefined) metrics[split] = figures;
  }
  return { stop, metrics, epochs: history };
}

/** The divergence of a batch's loss; `epoch` and `batch` count from 1, `step` over the whole training. */
export function divergedAt(loss: number, place: { epoch: number; batch: number; step: number }): Stop {
  return {
    state: 'diverged',
    message: `the training loss became ${nameOf(loss)} in epoch ${place.epoch}, batch ${place.batch} (step ${place.step})`,
    hint: HINT,
  };
}

/** The divergence that only an evaluation shows: the last update of an epoch broke the parameters. */
export function divergedAfter(record: EpochRecord): Stop | null {
  for (const split of ['validation', 'test'] as const) {
    const loss = record[split]?.loss;
    if (loss !== undefined && !Number.isFinite(loss)) {
      const message = `the ${split} loss became ${nameOf(loss)} after epoch ${record.epoch}`;
      return { state: 'diverged', message, hint: HINT };
    }
  }
  return null;
}

const HINT = 'lower optimizer.lr, or limit the gradients with train.clip_norm';

function nameOf(loss: number): string {
  return Number.isNaN(loss) ? 'NaN' : 'infinite';
}
