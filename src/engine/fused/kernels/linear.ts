import type { tf } from '../../../tf.js';
import type { FusedKernel } from './kernel.js';

/** x [R, I], weight [O, I], bias [O] → x·Wᵀ + b [R, O]. */
export const linear: FusedKernel<readonly tf.TensorInfo[], object> = (backend, [x, weight, bias]) => {
  const [m, k] = x!.shape as [number, number];
  const n = weight!.shape[0]!;
  const y = backend.allocate([m, n]);
  backend.library.gemm({
    m,
    n,
    k,
    a: backend.pointer(x!),
    b: backend.pointer(weight!),
    transposeB: true,
    c: y.pointer,
    bias: bias === undefined ? 0 : backend.pointer(bias),
  });
  return [y.info];
};

/** dy [R, O], x, weight → [dx = dy·W, dW = dyᵀ·x, db = column sums of dy]. */
export const linearGradient: FusedKernel<readonly tf.TensorInfo[], { readonly bias: boolean }> = (
  backend,
  [dy, x, weight],
  attributes,
) => {
  const [rows, inputs] = x!.shape as [number, number];
  const outputs = weight!.shape[0]!;
  const a = backend.pointer(dy!);
  const dx = backend.allocate([rows, inputs]);
  backend.library.gemm({ m: rows, n: inputs, k: outputs, a, b: backend.pointer(weight!), c: dx.pointer });
  const dWeight = backend.allocate([outputs, inputs]);
  backend.library.gemm({
    m: outputs,
    n: inputs,
    k: rows,
    a,
    transposeA: true,
    b: backend.pointer(x!),
    c: dWeight.pointer,
  });
  if (!attributes.bias) return [dx.info, dWeight.info];
  const dBias = backend.allocate([outputs]);
  sumColumns(backend.valuesOf(dy!) as Float32Array, dBias.values);
  return [dx.info, dWeight.info, dBias.info];
};

function sumColumns(matrix: Float32Array, sums: Float32Array): void {
  const totals = new Float64Array(sums.length);
  for (let n = 0, column = 0; n < matrix.length; n++) {
    totals[column]! += matrix[n]!;
    column = column + 1 === totals.length ? 0 : column + 1;
  }
  sums.set(totals);
}
