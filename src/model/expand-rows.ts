import * as tf from '@tensorflow/tfjs';

/**
 * Rows by index, where an index may come more than once: rows [N, F] and M indices → [M, F]. gatherND copies whole
 * rows and scatterND adds repeated ones in a single pass, where tf.gather and its gradient go element by element.
 */
export function expandRows(rows: tf.Tensor2D, index: Int32Array): tf.Tensor2D {
  const shape = rows.shape;
  const indices = (): tf.Tensor2D => tf.tensor2d(index, [index.length, 1], 'int32');
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.gatherND(value as tf.Tensor, indices()),
    gradFunc: (dy: tf.Tensor) => tf.scatterND(indices(), dy, shape),
  }))(rows) as tf.Tensor2D;
}
