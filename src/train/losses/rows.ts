import { tf } from '../../tf.js';

/** The column of the largest value of every row of a row-major [R, columns] array; the first one of equals. */
export function argMaxRows(values: ArrayLike<number>, columns: number): Int32Array {
  const rows = values.length / columns;
  const best = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let column = 0;
    for (let j = 1; j < columns; j++) if (values[start + j]! > values[start + column]!) column = j;
    best[row] = column;
  }
  return best;
}

/** [R]: the value of the labelled column of every row of [R, C]. */
export function pickLabels(rows: tf.Tensor2D, labels: Int32Array): tf.Tensor1D {
  return rows.mul(oneHot(labels, rows.shape[1])).sum(1) as tf.Tensor1D;
}

/** [R, C] float32: 1 at the label of every row. */
export function oneHot(labels: Int32Array, columns: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * columns);
  for (let row = 0; row < labels.length; row++) values[row * columns + labels[row]!] = 1;
  return tf.tensor2d(values, [labels.length, columns]);
}

/** The sum of the labels' class weights: what PyTorch divides a weighted mean by. */
export function sumOfLabelWeights(labels: Int32Array, weights: readonly number[] | null): number {
  if (weights === null) return labels.length;
  let sum = 0;
  for (const label of labels) sum += weights[label] ?? 0;
  return sum;
}
