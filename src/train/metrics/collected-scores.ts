import { rocAuc } from './roc-auc.js';

/** Scores of every sample of a split, for metrics that need them all at once. */
export interface CollectedScores {
  /** Labels [R] and scores [R, C], row-major. */
  add(labels: Int32Array, scores: Float32Array): void;
  /** Null when a class has no sample, or all. */
  rocAuc(): number | null;
}

export function collectScores(classes: number): CollectedScores {
  const labels: Int32Array[] = [];
  const columns: Float32Array[] = [];
  return {
    add(batchLabels, scores) {
      labels.push(batchLabels);
      const width = scores.length / batchLabels.length;
      columns.push(width === classes ? scores : firstColumns(scores, width, classes));
    },
    rocAuc() {
      const area = rocAuc(joined(labels, Int32Array), joined(columns, Float32Array), classes);
      return Number.isNaN(area) ? null : area;
    },
  };
}

/** The scores of the classes proper, where the model has more outputs than classes. */
function firstColumns(scores: Float32Array, width: number, classes: number): Float32Array {
  return scores.filter((_, i) => i % width < classes);
}

function joined<Numbers extends Int32Array | Float32Array>(
  parts: readonly Numbers[],
  Kind: new (length: number) => Numbers,
): Numbers {
  const whole = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
