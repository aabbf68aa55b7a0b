import { tf } from '../../tf.js';
import { hasKernel, KERNEL, runKernel } from './kernel-names.js';

/**
 * Rows of a table: [V, E] and U distinct indices in ascending order → [U, E]. The gradient has the table's shape; our
 * backends keep it as rows until something asks for all of it, so a large embedding costs only the rows that a batch
 * touched.
 */
export function gatherRows(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  if (!ascends(ids)) throw new Error('gatherRows: expected distinct indices in ascending order');
  if (!hasKernel(KERNEL.gatherRows)) return composedGatherRows(table, ids);
  const shape = table.shape;
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc) => ({
    value: runKernel(KERNEL.gatherRows, { table: value as tf.Tensor }, { ids })[0]!,
    gradFunc: (dy: tf.Tensor) => runKernel(KERNEL.gatherRowsGradient, { dy }, { ids, shape })[0]!,
  }))(table) as tf.Tensor2D;
}

/** What lets an optimizer step go through table and gradient side by side. */
function ascends(ids: Int32Array): boolean {
  for (let n = 1; n < ids.length; n++) if (ids[n]! <= ids[n - 1]!) return false;
  return true;
}

/** tf.gather's own gradient compares every segment with every index; a scatter does the same in one pass. */
function composedGatherRows(table: tf.Tensor2D, ids: Int32Array): tf.Tensor2D {
  const shape = table.shape;
  return tf.customGrad((value: tf.Tensor | tf.GradSaveFunc) => ({
    value: tf.gather(value as tf.Tensor, tf.tensor1d(ids, 'int32')),
    gradFunc: (dy: tf.Tensor) => tf.scatterND(tf.tensor2d(ids, [ids.length, 1], 'int32'), dy, shape),
  }))(table) as tf.Tensor2D;
}
