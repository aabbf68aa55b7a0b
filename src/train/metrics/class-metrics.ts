import type { ClassMetrics } from '../../trial/result.js';
import type { ConfusionMatrix } from './confusion-matrix.js';

export interface ClassificationFigures {
  readonly accuracy: number;
  /** Macro averages: plain means over the classes, as scikit-learn's `average="macro"`. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly per_class: readonly ClassMetrics[];
}

/** Accuracy, precision, recall and F1 of a confusion matrix; a ratio of nothing is 0 (scikit-learn's `zero_division=0`). */
export function classificationFigures(matrix: ConfusionMatrix, classes: readonly string[]): ClassificationFigures {
  const per_class = classes.map((label, c) => classFigures(matrix, label, c));
  const total = sum(per_class.map((figures) => figures.support));
  return {
    accuracy: ratio(sum(classes.map((_, c) => matrix[c]![c]!)), total),
    precision: sum(per_class.map((figures) => figures.precision)) / classes.length,
    recall: sum(per_class.map((figures) => figures.recall)) / classes.length,
    f1: sum(per_class.map((figures) => figures.f1)) / classes.length,
    per_class,
  };
}

function classFigures(matrix: ConfusionMatrix, label: string, c: number): ClassMetrics {
  const hits = matrix[c]![c]!;
  const support = sum(matrix[c]!);
  const predicted = sum(matrix.map((row) => row[c]!));
  return {
    label,
    precision: ratio(hits, predicted),
    recall: ratio(hits, support),
    f1: ratio(2 * hits, support + predicted),
    support,
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
