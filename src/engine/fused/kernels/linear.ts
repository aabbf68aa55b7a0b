import type { tf } from '../../../tf.js';
import type { LinearActivation } from '../../ops/linear.js';
import type { FusedBackend } from '../backend.js';
import type { FusedKernel } from './kernel.js';

interface Activated {
  readonly activation: LinearActivation;
}

/** x [R, I], weight [O, I], bias [O] → activation(x·Wᵀ + b) [R, O]. */
export const linear: FusedKernel<readonly tf.TensorInfo[], Activated> = (
  backend,
  [x, weight, bias],
  { activation },
) => {
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
    activation,
  });
  return [y.info];
};

/** dy [R, O], x, weight, y (with an activation) → [dx = dz·W, dW = dzᵀ·x, db = column sums of dz], dz that before it. */
export const linearGradient: FusedKernel<readonly tf.TensorInfo[], Activated & { readonly bias: boolean }> = (
  backend,
  [dy, x, weight, y],
  { activation, bias },
) => {
  const [rows, inputs] = x!.shape as [number, number];
  const outputs = weight!.shape[0]!;
  const dz = activation === 'none' ? dy! : beforeActivation(backend, dy!, y!, activation);
  const a = backend.pointer(dz);
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
  const dBias = bias ? backend.allocate([outputs]) : null;
  if (dBias !== null) backend.library.sumOverRows(rows, outputs, a, dBias.pointer);
  if (activation !== 'none') backend.disposeData(dz.dataId);
  return [dx.info, dWeight.info, ...(dBias === null ? [] : [dBias.info])];
};

/** The gradient of what an activation was given: dy times its derivative, told from its result y. */
function beforeActivation(
  backend: FusedBackend,
  dy: tf.TensorInfo,
  y: tf.TensorInfo,
  activation: Exclude<LinearActivation, 'none'>,
): tf.TensorInfo {
  const gradients = backend.valuesOf(dy);
  const results = backend.valuesOf(y);
  const { info, values } = backend.allocate(dy.shape);
  const derivative = DERIVATIVES[activation];
  for (let n = 0; n < values.length; n++) values[n] = gradients[n]! * derivative(results[n]!);
  return info;
}

const DERIVATIVES = {
  relu: (y: number): number => (y > 0 ? 1 : 0),
  tanh: (y: number): number => 1 - y * y,
  sigmoid: (y: number): number => y * (1 - y),
};
