import type { SplitName } from '../trial/result.js';
import { SPLITS } from './load/read-result.js';
import type { ReportArm } from './report-data.js';

const LOWER_IS_BETTER = /loss|perplexity|bits_per_character|_seconds$|_bytes$|parameters$/;

/** Whether of two figures of this metric (`test.loss`, `timing.train_seconds`) the smaller is better. */
export function lowerIsBetter(metric: string): boolean {
  return LOWER_IS_BETTER.test(metric);
}

const ORDER = [
  'accuracy',
  'perplexity',
  'bits_per_character',
  'loss',
  'precision',
  'recall',
  'f1',
  'roc_auc',
  'accuracy_over_batches',
  'loss_over_batches',
];

/** The metrics of one split that any arm has a number for, in the order of tables: known ones first, then as they come. */
export function metricsOf(split: SplitName | 'timing', arms: readonly ReportArm[]): readonly string[] {
  const known = KNOWN.get(arms) ?? new Map<string, readonly string[]>();
  KNOWN.set(arms, known);
  const metrics = known.get(split) ?? findMetrics(split, arms);
  known.set(split, metrics);
  return metrics;
}

// Asked for by nearly every section and figure, of thousands of arms.
const KNOWN = new WeakMap<readonly ReportArm[], Map<string, readonly string[]>>();

function findMetrics(split: SplitName | 'timing', arms: readonly ReportArm[]): readonly string[] {
  const found = new Set<string>();
  for (const { metrics } of arms) {
    for (const [name, summary] of Object.entries(metrics)) {
      if (name.startsWith(`${split}.`) && summary.n + summary.not_finite.length > 0) found.add(name);
    }
  }
  const rank = (name: string): number => {
    const place = ORDER.indexOf(name.slice(split.length + 1));
    return place < 0 ? ORDER.length : place;
  };
  return [...found].sort((a, b) => rank(a) - rank(b));
}

/** The split that results are judged on: test before validation before train; null when nothing was measured. */
function mainSplit(arms: readonly ReportArm[]): SplitName | null {
  return SPLITS.findLast((split) => metricsOf(split, arms).length > 0) ?? null;
}

/** The metric that arms are compared by: the first of the main split. */
export function mainMetric(arms: readonly ReportArm[]): string | null {
  const split = mainSplit(arms);
  return split === null ? null : (metricsOf(split, arms)[0] ?? null);
}
