import type {
  Allocation,
  Gemm,
  KernelLibrary,
  OptimizerStep,
  Pointer,
  Pool,
  RecurrentOperands,
  RecurrentShape,
  StreamRange,
} from './library.js';

/** What a target (the addon, WebAssembly) brings: its memory, and its entries by name (kernels/entries.h). */
export interface KernelTarget {
  readonly name: 'native' | 'wasm';
  readonly variant: string;
  allocate(bytes: number): Allocation;
  release(pointer: Pointer): void;
  /** Each takes the address of the argument block. */
  readonly entries: Readonly<Record<string, (argumentBlock: Pointer) => number>>;
}

type Argument = number | boolean | undefined;

const ARGUMENTS = 64;

/** The kernels of a target behind their TypeScript interface: each call writes its arguments as kernels/variant.cpp reads them. */
export function bindKernels(target: KernelTarget): KernelLibrary {
  const { allocate, release, entries } = target;
  const block = allocate(ARGUMENTS * 8);
  const values = new Float64Array(block.buffer, block.byteOffset, ARGUMENTS);
  const call = (entry: string, ...given: readonly Argument[]): number => {
    for (let n = 0; n < given.length; n++) values[n] = Number(given[n] ?? 0);
    return entries[entry]!(block.pointer);
  };
  const gemmScratch = allocate(call('gemmScratchBytes')).pointer;

  return {
    name: target.name,
    variant: target.variant,
    allocate,
    release,
    gemm: (product) => {
      call('gemm', ...gemmArguments(product), gemmScratch);
    },
    recurrentReserveBytes: (shape) => call('recurrentReserveBytes', ...shapeArguments(shape)),
    recurrentScratchBytes: (shape) => call('recurrentScratchBytes', ...shapeArguments(shape)),
    recurrentForward: (layer) => {
      const stride = layer.outputStride ?? stateSize(layer);
      call('recurrentForward', ...operandArguments(layer), layer.output, layer.h_n, layer.c_n, stride);
    },
    recurrentBackward: (layer) => {
      const { d_output, dh_n, dc_n, dx, dh0, dc0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, dweight_hr } = layer;
      const incoming = [d_output, dh_n, dc_n, layer.outputStride ?? stateSize(layer)];
      const outgoing = [dx, dh0, dc0, dweight_ih, dweight_hh, dbias_ih, dbias_hh, dweight_hr];
      call('recurrentBackward', ...operandArguments(layer), ...incoming, ...outgoing);
    },
    gatherRows: ({ count, width, table, ids, out }) => {
      call('gatherRows', count, width, table, ids, out);
    },
    scatterAddRows: ({ count, width, table, ids, out }) => {
      call('scatterAddRows', count, width, table, ids, out);
    },
    maxOverTime: (pool) => {
      call('maxOverTime', ...poolArguments(pool), pool.input, pool.output, pool.position);
    },
    maxOverTimeBackward: (pool) => {
      call('maxOverTimeBackward', ...poolArguments(pool), pool.outputGradient, pool.position, pool.gradient);
    },
    meanOverTime: (pool) => {
      call('meanOverTime', ...poolArguments(pool), pool.input, pool.output);
    },
    meanOverTimeBackward: (pool) => {
      call('meanOverTimeBackward', ...poolArguments(pool), pool.outputGradient, pool.gradient);
    },
    softmaxCrossEntropy: (loss) => {
      const { rows, classes, logits, labels, classWeights, smoothing, losses, gradient, predictions } = loss;
      call(
        'softmaxCrossEntropy',
        rows,
        classes,
        logits,
        labels,
        classWeights,
        smoothing,
        losses,
        gradient,
        predictions,
      );
    },
    optimizerStep: (step) => {
      call('optimizerStep', ...optimizerArguments(step));
    },
    sumOfSquares: (count, x) => call('sumOfSquares', count, x),
    sumOverRows: (rows, width, x, sums) => {
      call('sumOverRows', rows, width, x, sums);
    },
    scale: (count, x, factor) => {
      call('scale', count, x, factor);
    },
    addInto: (count, into, source) => {
      call('addInto', count, into, source);
    },
    multiplyAdds: (rounds, out) => call('multiplyAdds', rounds, out),
    dropoutMask: (stream) => {
      call('dropoutMask', ...streamArguments(stream), stream.keep);
    },
    fillUniform: (stream) => {
      call('fillUniform', ...streamArguments(stream));
    },
    fillNormal: (stream) => {
      call('fillNormal', ...streamArguments(stream), stream.deviation);
    },
    fillWords: (stream) => {
      call('fillWords', ...streamArguments(stream));
    },
    philoxBlock: (counter, key, out) => {
      call('philoxBlock', ...counter, ...key, out);
    },
  };
}

const ACTIVATIONS = { none: 0, relu: 1, tanh: 2, sigmoid: 3 };

function gemmArguments(product: Gemm): readonly Argument[] {
  const { m, n, k, a, b, c, transposeA = false, transposeB = false, accumulate, bias, activation = 'none' } = product;
  const strideA = product.strideA ?? (transposeA ? m : k);
  const strideB = product.strideB ?? (transposeB ? k : n);
  const left = transposeA ? [1, strideA] : [strideA, 1];
  const right = transposeB ? [1, strideB] : [strideB, 1];
  return [m, n, k, a, ...left, b, ...right, c, product.strideC ?? n, accumulate, bias, ACTIVATIONS[activation]];
}

function shapeArguments(shape: RecurrentShape): readonly Argument[] {
  const { batch, time, rows, input, hidden, projection, indexed, reverse, training } = shape;
  return [cellNumber(shape), batch, time, rows, input, hidden, projection, indexed, reverse, training];
}

/** The numbers of kernels/cells.h. */
function cellNumber({ cell, nonlinearity }: RecurrentShape): number {
  if (cell === 'rnn') return nonlinearity === 'relu' ? 3 : 2;
  return cell === 'lstm' ? 0 : 1;
}

function operandArguments(layer: RecurrentOperands): readonly Argument[] {
  const { x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, index, lengths, reserve, scratch } = layer;
  const parameters = [weight_ih, weight_hh, bias_ih, bias_hh, weight_hr];
  return [...shapeArguments(layer), x, h0, c0, ...parameters, index, lengths, reserve, scratch];
}

function stateSize({ projection, hidden }: RecurrentShape): number {
  return projection === undefined || projection === 0 ? hidden : projection;
}

function poolArguments({ batch, time, features, lengths }: Pool): readonly Argument[] {
  return [batch, time, features, lengths];
}

const RULES = { sgd: 0, adam: 1, adamw: 2, rmsprop: 3, adagrad: 4 };

function optimizerArguments(step: OptimizerStep): readonly Argument[] {
  const { rule, rows, width, parameter, gradient, ids, count, learningRate } = step;
  const { weightDecay, gradientScale = 1, clipValue = Infinity } = step;
  const common = [RULES[rule], rows, width, parameter, gradient, ids, count];
  const factors = [learningRate, weightDecay, gradientScale, clipValue];
  switch (step.rule) {
    case 'sgd':
      return [...common, step.momentumBuffer, 0, ...factors, step.momentum, 0, 0, 0, step.nesterov];
    case 'adam':
    case 'adamw':
      return [
        ...common,
        step.firstMoment,
        step.secondMoment,
        ...factors,
        step.beta1,
        step.beta2,
        step.epsilon,
        step.step,
        false,
      ];
    case 'rmsprop':
      return [
        ...common,
        step.momentumBuffer,
        step.squareAverage,
        ...factors,
        step.momentum,
        step.alpha,
        step.epsilon,
        0,
        false,
      ];
    case 'adagrad':
      return [...common, 0, step.squareSum, ...factors, 0, 0, step.epsilon, 0, false];
  }
}

function streamArguments({ key, index, count, out }: StreamRange): readonly Argument[] {
  return [key[0], key[1], index, count, out];
}
