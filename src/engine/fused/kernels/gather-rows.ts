import type { tf } from '../../../tf.js';
import type { FusedKernel, Shape2 } from './kernel.js';

interface Rows {
  readonly ids: Int32Array;
}

/** [V, E] → [U, E]. */
export const gatherRows: FusedKernel<{ table: tf.TensorInfo }, Rows> = (backend, { table }, { ids }) => {
  const width = table.shape[1]!;
  const out = backend.allocate([ids.length, width]);
  backend.withArray(ids, (pointer) =>
    backend.library.gatherRows({
      count: ids.length,
      width,
      table: backend.pointer(table),
      ids: pointer,
      out: out.pointer,
    }),
  );
  return [out.info];
};

/** [U, E] → [V, E], kept as rows. */
export const gatherRowsGradient: FusedKernel<{ dy: tf.TensorInfo }, Rows & { readonly shape: Shape2 }> = (
  backend,
  { dy },
  { ids, shape },
) => [backend.allocateRows(shape, ids, dy)];
