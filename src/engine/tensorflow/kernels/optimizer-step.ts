import type { tf } from '../../../tf.js';
import type { OptimizerHyper } from '../../optimizer-step.js';
import { type Handle, type Ops, withOps } from './ops.js';
import { updateResources } from './resources.js';

/** [parameter, gradient, ...slots], in place: one of TensorFlow's training ops where it computes what torch.optim does. */
export function optimizerStep(tensors: readonly tf.TensorInfo[], hyper: OptimizerHyper): void {
  const [parameter, gradient, ...slots] = tensors as [tf.TensorInfo, tf.TensorInfo, ...tf.TensorInfo[]];
  withOps((ops) => {
    updateResources(ops, [parameter, ...slots], ([weight, first, second]) => {
      if (hyper.type === 'adamw' && hyper.weight_decay !== 0) shrink(ops, weight!, hyper, parameter.shape);
      const g = shapedGradient(ops, ops.of(gradient), { weight: weight!, hyper, shape: parameter.shape });
      step(ops, { weight: weight!, first, second, g, shape: parameter.shape }, hyper);
    });
  });
}

interface StepOperands {
  /** Resources. */
  readonly weight: Handle;
  readonly first: Handle | undefined;
  readonly second: Handle | undefined;
  readonly g: Handle;
  readonly shape: readonly number[];
}

function step(ops: Ops, { weight, first, second, g, shape }: StepOperands, hyper: OptimizerHyper): void {
  const { attribute } = ops;
  const lr = ops.scalar(hyper.lr);
  const unlocked = [attribute.bool('use_locking', false)];
  switch (hyper.type) {
    case 'sgd':
      if (first === undefined) ops.none('ResourceApplyGradientDescent', [weight, lr, g], unlocked);
      else {
        const attributes = [...unlocked, attribute.bool('use_nesterov', hyper.nesterov)];
        ops.none('ResourceApplyMomentum', [weight, first, lr, g, ops.scalar(hyper.momentum)], attributes);
      }
      return;
    case 'adam':
    case 'adamw': {
      // TensorFlow's epsilon stands beside √v, PyTorch's beside √v divided by its bias correction.
      const [beta1, beta2] = hyper.betas;
      const powers = [beta1 ** hyper.step, beta2 ** hyper.step] as const;
      const eps = hyper.eps * Math.sqrt(1 - powers[1]);
      const numbers = [powers[0], powers[1], hyper.lr, beta1, beta2, eps].map((value) => ops.scalar(value));
      const attributes = [...unlocked, attribute.bool('use_nesterov', false)];
      ops.none('ResourceApplyAdam', [weight, first!, second!, ...numbers, g], attributes);
      return;
    }
    case 'adagrad': {
      const attributes = [...unlocked, attribute.bool('update_slots', true)];
      ops.none('ResourceApplyAdagradV2', [weight, first!, lr, ops.scalar(hyper.eps), g], attributes);
      return;
    }
    case 'rmsprop':
      rmsprop(ops, { weight, first, second, g, shape }, hyper);
  }
}

/** TensorFlow's own puts epsilon under the root and the learning rate into the momentum. */
function rmsprop(ops: Ops, { weight, first, second, g, shape }: StepOperands, hyper: OptimizerHyper): void {
  const times = (x: Handle, factor: number): Handle => ops.one('Mul', [x, ops.scalar(factor)]);
  const average = ops.one('AddV2', [
    times(read(ops, first!, shape), hyper.alpha),
    times(ops.one('Square', [g]), 1 - hyper.alpha),
  ]);
  assign(ops, first!, average);
  let change = ops.one('Div', [g, ops.one('AddV2', [ops.one('Sqrt', [average]), ops.scalar(hyper.eps)])]);
  if (second !== undefined) {
    change = ops.one('AddV2', [times(read(ops, second, shape), hyper.momentum), change]);
    assign(ops, second, change);
  }
  ops.none('AssignSubVariableOp', [weight, times(change, hyper.lr)], [ops.attribute.type('dtype', 'float')]);
}

/** Adam's decoupled decay: w ← w·(1 − lr·decay). */
function shrink(ops: Ops, weight: Handle, { lr, weight_decay }: OptimizerHyper, shape: readonly number[]): void {
  assign(ops, weight, ops.one('Mul', [read(ops, weight, shape), ops.scalar(1 - lr * weight_decay)]));
}

/** The gradient scaled, limited, and with L2 decay added. */
function shapedGradient(
  ops: Ops,
  gradient: Handle,
  {
    weight,
    hyper,
    shape,
  }: { readonly weight: Handle; readonly hyper: OptimizerHyper; readonly shape: readonly number[] },
): Handle {
  let g = gradient;
  const { scale, clip_value: limit, weight_decay: decay } = hyper;
  if (scale !== 1) g = ops.one('Mul', [g, ops.scalar(scale)]);
  if (limit !== null) g = ops.one('ClipByValue', [g, ops.scalar(-limit), ops.scalar(limit)]);
  if (decay === 0 || hyper.type === 'adamw') return g;
  return ops.one('AddV2', [g, ops.one('Mul', [read(ops, weight, shape), ops.scalar(decay)])]);
}

function read(ops: Ops, resource: Handle, shape: readonly number[]): Handle {
  return { ...ops.one('ReadVariableOp', [resource], [ops.attribute.type('dtype', 'float')]), shape: [...shape] };
}

function assign(ops: Ops, resource: Handle, value: Handle): void {
  ops.none('AssignVariableOp', [resource, value], [ops.attribute.type('dtype', 'float')]);
}
