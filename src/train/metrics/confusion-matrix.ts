/** Counts of [actual class][predicted class]. */
export type ConfusionMatrix = readonly (readonly number[])[];

export interface ConfusionCounter {
  add(actual: ArrayLike<number>, predicted: ArrayLike<number>): void;
  matrix(): ConfusionMatrix;
}

/** Counts predictions of `classes` classes as they come; a prediction that is no class counts as wrong only. */
export function countConfusion(classes: number): ConfusionCounter {
  // One more column than classes: outputs that no label stands for (`head.outputs` above the classes).
  const width = classes + 1;
  const counts = new Float64Array(classes * width);
  return {
    add(actual, predicted) {
      for (let i = 0; i < actual.length; i++) {
        const column = Math.min(predicted[i]!, classes);
        counts[actual[i]! * width + column]! += 1;
      }
    },
    matrix() {
      const foreign = Array.from({ length: classes }, (_, c) => counts[c * width + classes]!);
      const columns = foreign.some((count) => count > 0) ? width : classes;
      return Array.from({ length: classes }, (_, c) => [...counts.subarray(c * width, c * width + columns)]);
    },
  };
}
