import type { Trial } from '../plan/plan.js';
import type { TrialResult } from '../trial/result.js';
import type { RunFolder } from './run-folder.js';

/** The trial with the best figure, by the metric that its kind is judged by. */
export interface BestTrial {
  readonly trial: string;
  /** `test.accuracy`. */
  readonly metric: string;
  readonly value: number;
}

/** Of the first of these that a result has, on the first split that was measured. */
const METRICS = [
  { name: 'accuracy', sign: 1 },
  { name: 'perplexity', sign: -1 },
  { name: 'loss', sign: -1 },
] as const;

/** The figure that a trial is judged by: `test.accuracy` and the like; null when it has none. */
export function judgedBy(metrics: TrialResult['metrics']): Omit<BestTrial, 'trial'> | null {
  for (const split of ['test', 'validation', 'train'] as const) {
    for (const { name } of METRICS) {
      const value = metrics[split]?.[name];
      if (typeof value === 'number' && Number.isFinite(value)) return { metric: `${split}.${name}`, value };
    }
  }
  return null;
}

/** A complete trial with its figure; null for any other. */
export function candidate({
  trial,
  state,
  metrics,
}: Pick<TrialResult, 'trial' | 'state' | 'metrics'>): BestTrial | null {
  const figure = state === 'complete' ? judgedBy(metrics) : null;
  return figure === null ? null : { trial, ...figure };
}

/** The better of two; figures of different metrics do not compare, the first stays. */
export function better(best: BestTrial | null, other: BestTrial | null): BestTrial | null {
  if (best === null || other === null) return best ?? other;
  if (best.metric !== other.metric) return best;
  const sign = METRICS.find(({ name }) => best.metric.endsWith(`.${name}`))?.sign ?? 1;
  return sign * other.value > sign * best.value ? other : best;
}

/** The best complete trial of a run; null while there is none. */
export async function bestTrial(folder: RunFolder, trials: readonly Trial[]): Promise<BestTrial | null> {
  let best: BestTrial | null = null;
  for (const trial of trials) {
    const result = await folder.readResult(trial);
    if (result !== null) best = better(best, candidate(result));
  }
  return best;
}
