import type { Metric } from '../../plan/trial-config.js';
import type { SplitMetrics } from '../../trial/result.js';
import { classificationFigures } from './class-metrics.js';
import type { ConfusionMatrix } from './confusion-matrix.js';
import type { RunningMeans } from './running-mean.js';

/** The means of a split as they stand in a result. */
export function meanMetrics(means: RunningMeans): SplitMetrics {
  const { loss, loss_over_batches, accuracy, accuracy_over_batches } = means;
  return {
    loss,
    loss_over_batches,
    ...(accuracy === null ? {} : { accuracy }),
    ...(accuracy_over_batches === null ? {} : { accuracy_over_batches }),
  };
}

export interface ClassificationMetricsOptions {
  readonly means: RunningMeans;
  readonly confusion: ConfusionMatrix;
  readonly classes: readonly string[];
  readonly metrics: readonly Metric[];
  /** Null when not asked for or not defined. */
  readonly roc_auc: number | null;
}

/** What was asked for of an evaluated split; loss and accuracy are always there. */
export function classificationMetrics(options: ClassificationMetricsOptions): SplitMetrics {
  const { means, confusion, classes, metrics, roc_auc } = options;
  const asked = (metric: Metric): boolean => metrics.includes(metric);
  const figures = classificationFigures(confusion, classes);
  return {
    ...meanMetrics(means),
    ...(asked('precision') ? { precision: figures.precision } : {}),
    ...(asked('recall') ? { recall: figures.recall } : {}),
    ...(asked('f1') ? { f1: figures.f1 } : {}),
    ...(roc_auc === null ? {} : { roc_auc }),
    ...(asked('precision') || asked('recall') || asked('f1') ? { per_class: figures.per_class } : {}),
    ...(asked('confusion_matrix') ? { confusion_matrix: confusion } : {}),
  };
}

/** A language model's figures: perplexity is the exponential of the mean loss per token; bits are of one character. */
export function languageModelMetrics(means: RunningMeans, metrics: readonly Metric[]): SplitMetrics {
  return {
    ...meanMetrics(means),
    // Infinity has no place in JSON.
    perplexity: Math.min(Math.exp(means.loss), Number.MAX_VALUE),
    ...(metrics.includes('bits_per_character') ? { bits_per_character: means.loss / Math.LN2 } : {}),
  };
}
