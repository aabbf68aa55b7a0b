import { tf } from '../../../tf.js';
import type { FusedKernel } from './kernel.js';

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** tf.matMul: [..., M, K]·[..., K, N] → [..., M, N] over equal batch dimensions, or one matrix for all of them. */
export const batchMatMul: FusedKernel<{ a: tf.TensorInfo; b: tf.TensorInfo }, Transposes> = (
  backend,
  { a, b },
  { transposeA, transposeB },
) => {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [depth, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const aCount = tf.util.sizeFromShape(aBatch);
  const bCount = tf.util.sizeFromShape(bBatch);
  tf.util.assert(k === depth, () => `matMul: inner dimensions ${k} and ${depth} differ`);
  tf.util.assert(
    aCount === bCount || aCount === 1 || bCount === 1,
    () => `matMul: batch dimensions [${aBatch}] and [${bBatch}] do not match`,
  );
  const count = Math.max(aCount, bCount);
  const c = backend.allocate([...(aCount >= bCount ? aBatch : bBatch), m, n]);
  const aStart = backend.pointer(a);
  const bStart = backend.pointer(b);
  for (let batch = 0; batch < count; batch++) {
    backend.library.gemm({
      m,
      n,
      k,
      a: aStart + (aCount === 1 ? 0 : batch * m * k * 4),
      transposeA,
      b: bStart + (bCount === 1 ? 0 : batch * k * n * 4),
      transposeB,
      c: c.pointer + batch * m * n * 4,
    });
  }
  return [c.info];
};
