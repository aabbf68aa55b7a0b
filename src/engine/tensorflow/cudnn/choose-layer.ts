import { tf } from '../../../tf.js';
import type { DirectionWeights, LayerInput, LayerOptions, RecurrentLayer } from '../../recurrent-layer.js';
import { withOps } from '../kernels/ops.js';
import { tensorflowLayer } from '../kernels/recurrent-layer.js';
import { cudnnLayer, cudnnMode } from './cudnn-layer.js';
import { parameterCount } from './parameters.js';
import { type CudnnMode, cudnnParameterCount } from './rnn-ops.js';
import { checkKind, kindName, LAYER_KINDS, type LayerKind } from './self-check.js';

/** A kind of layer that cuDNN does not compute here as it should. */
export interface Unfit {
  readonly kind: string;
  readonly reason: string;
}

/** Checks cuDNN on the current device, every kind of layer, and says which it is not used for. */
export function checkCudnn(kinds: readonly LayerKind[] = LAYER_KINDS): Unfit[] {
  return kinds.flatMap((kind) => {
    const reason = checkKind(kind);
    return reason === null ? [] : [{ kind: kindName(kind), reason }];
  });
}

/** One warning a reason, with the kinds of layer that it keeps from cuDNN. */
export function describeUnfit(unfit: readonly Unfit[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, reason } of unfit) kinds.set(reason, [...(kinds.get(reason) ?? []), kind]);
  return [...kinds].map(([reason, names]) => {
    const which = names.length === LAYER_KINDS.length ? 'any layer' : names.join(', ');
    return `cuDNN is not used for ${which}, which runs by TensorFlow's other ops instead: ${reason}`;
  });
}

/** Which layers to run by cuDNN: those whose kind was found fit, and whose parameters lie as cuDNN expects. */
export function layerWithCudnn(unfit: readonly Unfit[]): RecurrentLayer {
  const unfitKinds = new Set(unfit.map(({ kind }) => kind));
  return (input, directions, state, options) => {
    const fits =
      input.lengths?.every((length) => length > 0) !== false &&
      !unfitKinds.has(kindName(kindOf(input, directions, options))) &&
      agreesOnSize(cudnnMode(directions, options));
    return (fits ? cudnnLayer : tensorflowLayer)(input, directions, state, options);
  };
}

function kindOf(
  { lengths }: LayerInput,
  directions: readonly DirectionWeights[],
  { cell, nonlinearity }: LayerOptions,
): LayerKind {
  return {
    cell,
    nonlinearity: cell === 'rnn' ? nonlinearity : 'tanh',
    directions: directions.length === 2 ? 2 : 1,
    packed: lengths !== null,
    projected: directions[0]!.weight_hr !== null,
  };
}

const sizesThatAgree = new Map<string, boolean>();

/** Whether cuDNN's buffer for such a layer holds as many numbers as the parameters do; asked once per size. */
function agreesOnSize(mode: CudnnMode): boolean {
  const key = JSON.stringify(mode);
  const known = sizesThatAgree.get(key);
  if (known !== undefined) return known;
  const size = tf.tidy(() => withOps((ops) => ops.keep(cudnnParameterCount(ops, mode))).dataSync()[0]);
  const agrees = size === parameterCount(mode);
  if (!agrees) {
    process.emitWarning(
      `cuDNN keeps ${size} parameters for ${key}, ${parameterCount(mode)} were expected: it is not used`,
    );
  }
  sizesThatAgree.set(key, agrees);
  return agrees;
}
