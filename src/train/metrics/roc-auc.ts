/**
 * The area under the ROC curve. Two classes: of the second one's scores. More: the plain mean of every class against
 * the rest (scikit-learn's `multi_class="ovr", average="macro"`). NaN when a class or its rest is empty.
 */
export function rocAuc(labels: Int32Array, scores: Float32Array, classes: number): number {
  if (classes === 2) return areaOf(labels, scores, { classes, positive: 1 });
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += areaOf(labels, scores, { classes, positive: c });
  return sum / classes;
}

/** The Mann–Whitney statistic: the share of (positive, negative) pairs in the right order, ties counting one half. */
function areaOf(
  labels: Int32Array,
  scores: Float32Array,
  { classes, positive }: { readonly classes: number; readonly positive: number },
): number {
  const column = Float32Array.from(labels, (_, i) => scores[i * classes + positive]!);
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => column[a]! - column[b]!);
  let positives = 0;
  let negatives = 0;
  let ordered = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tiedPositives = 0;
    while (end < order.length && column[order[end]!] === column[order[start]!]) {
      if (labels[order[end]!] === positive) tiedPositives++;
      end++;
    }
    const tiedNegatives = end - start - tiedPositives;
    ordered += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = Math.max(end, start + 1);
  }
  return positives === 0 || negatives === 0 ? Number.NaN : ordered / (positives * negatives);
}
