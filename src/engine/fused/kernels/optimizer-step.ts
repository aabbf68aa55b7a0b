import type { tf } from '../../../tf.js';
import type { OptimizerStep } from '../../kernels/library.js';
import type { OptimizerHyper } from '../../optimizer-step.js';
import type { FusedBackend } from '../backend.js';
import type { FusedKernel } from './kernel.js';

/** [parameter, gradient, ...slots], in place. */
export const optimizerStep: FusedKernel<readonly tf.TensorInfo[], OptimizerHyper> = (backend, tensors, hyper) => {
  const [parameter, gradient, ...slots] = tensors as [tf.TensorInfo, tf.TensorInfo, ...tf.TensorInfo[]];
  const rule = optimizerRule(
    hyper,
    slots.map((slot) => backend.pointer(slot)),
  );
  const shared = {
    parameter: backend.pointer(parameter),
    learningRate: hyper.lr,
    weightDecay: hyper.weight_decay,
    gradientScale: hyper.scale,
    ...(hyper.clip_value === null ? {} : { clipValue: hyper.clip_value }),
  };
  const sparse = backend.rowsOf(gradient);
  if (sparse === null) {
    const width = parameter.shape.reduce((product, n) => product * n, 1);
    backend.library.optimizerStep({ ...shared, ...rule, rows: 1, width, gradient: backend.pointer(gradient) });
  } else {
    const rows = parameter.shape[0]!;
    backend.withArray(sparse.ids, (ids) =>
      backend.library.optimizerStep({
        ...shared,
        ...rule,
        rows,
        width: sparse.width,
        gradient: sparse.block.pointer,
        ids,
        count: sparse.ids.length,
      }),
    );
  }
  return [];
};

/** The sum of a gradient's squares, a scalar. */
export const squaredNorm: FusedKernel<{ gradient: tf.TensorInfo }, object> = (backend, { gradient }) => [
  backend.makeTensorInfo([], 'float32', Float32Array.of(sumOfSquares(backend, gradient))),
];

function sumOfSquares(backend: FusedBackend, gradient: tf.TensorInfo): number {
  const rows = backend.rowsOf(gradient);
  if (rows !== null) return backend.library.sumOfSquares(rows.ids.length * rows.width, rows.block.pointer);
  const count = gradient.shape.reduce((product, n) => product * n, 1);
  return backend.library.sumOfSquares(count, backend.pointer(gradient));
}

type Rule = OptimizerStep extends infer Step ? (Step extends { rule: string } ? Omit<Step, SharedKey> : never) : never;
type SharedKey =
  | 'parameter'
  | 'rows'
  | 'width'
  | 'gradient'
  | 'ids'
  | 'count'
  | 'learningRate'
  | 'weightDecay'
  | 'gradientScale'
  | 'clipValue';

/** The update rule with its slots, in the order of OptimizerTensors. */
function optimizerRule(hyper: OptimizerHyper, [first = 0, second = 0]: readonly number[]): Rule {
  const { momentum, nesterov, alpha, eps: epsilon, step } = hyper;
  const [beta1, beta2] = hyper.betas;
  switch (hyper.type) {
    case 'sgd':
      return { rule: 'sgd', momentum, nesterov, momentumBuffer: first };
    case 'adam':
    case 'adamw':
      return { rule: hyper.type, beta1, beta2, epsilon, step, firstMoment: first, secondMoment: second };
    case 'rmsprop':
      return { rule: 'rmsprop', alpha, epsilon, momentum, squareAverage: first, momentumBuffer: second };
    case 'adagrad':
      return { rule: 'adagrad', epsilon, squareSum: first };
  }
}
