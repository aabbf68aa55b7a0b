import type { InitConfig, Initializer, ModelConfig } from '../plan/trial-config.js';
import { type RandomStream, randomStream } from '../random/stream.js';
import { orthogonal } from './orthogonal.js';
import type { ParameterSpec } from './parameters.js';

/** The standard deviation of `normal` without a number: d2l's, not torch.nn.init.normal_'s 1, which no recurrent net survives. */
const NORMAL_STD = 0.01;

/**
 * The initial values of a parameter, row-major, drawn from the stream `init:<name>` of the trial's seed: arms of one
 * seed whose shapes agree start alike.
 *
 * - `pytorch`: N(0, 1) for an embedding; U(±1/√H) for a recurrent layer; U(±1/√in) for a linear layer's weight and bias.
 * - `uniform`: U(±1/√H) for a recurrent layer, U(±1/√in) for a linear layer, U(±1/√dim) for an embedding; `{uniform: b}`: U(±b).
 * - `normal`: N(0, 0.01²), as d2l writes its cells; `{normal: s}`: N(0, s²).
 * - `xavier_*`, `kaiming_*`: torch.nn.init on the matrix as PyTorch stores it (gates stacked), xavier with gain 1, kaiming
 *   for relu (gain √2) over fan_in.
 * - `orthogonal`: torch.nn.init.orthogonal_ on each gate's block of rows, so that every [H, H] of `weight_hh` is orthogonal.
 * - A bias has no fan: the last two kinds start it at zero.
 *
 * `forget_bias` (LSTM) is the value of the sum of both biases: `bias_ih` takes it and `bias_hh` zero.
 */
export function initialValues(spec: ParameterSpec, config: ModelConfig, seed: number): Float32Array {
  const values = new Float32Array(spec.shape.reduce((a, b) => a * b, 1));
  fill(values, spec, config.init[spec.group], randomStream({ seed, purpose: `init:${spec.name}` }));
  if (config.cell === 'lstm' && spec.group === 'bias') setForgetBias(values, spec, config.init);
  return values;
}

function fill(values: Float32Array, spec: ParameterSpec, initializer: Initializer, stream: RandomStream): void {
  if (typeof initializer === 'object') {
    if ('uniform' in initializer) fillUniform(values, initializer.uniform, stream);
    else if ('normal' in initializer) fillNormal(values, initializer.normal, stream);
    else values.fill(initializer.constant);
    return;
  }
  const bound = 1 / Math.sqrt(spec.features);
  switch (initializer) {
    case 'zeros':
      return;
    case 'pytorch':
      if (spec.group === 'embedding') fillNormal(values, 1, stream);
      else fillUniform(values, bound, stream);
      return;
    case 'uniform':
      fillUniform(values, bound, stream);
      return;
    case 'normal':
      fillNormal(values, NORMAL_STD, stream);
      return;
    default:
      if (spec.shape.length === 2) fillMatrix(values, spec, initializer, stream);
  }
}

function fillMatrix(
  values: Float32Array,
  { shape, gates }: ParameterSpec,
  initializer: 'xavier_uniform' | 'xavier_normal' | 'kaiming_uniform' | 'kaiming_normal' | 'orthogonal',
  stream: RandomStream,
): void {
  const [fanOut, fanIn] = shape as [number, number];
  switch (initializer) {
    case 'xavier_uniform':
      fillUniform(values, Math.sqrt(6 / (fanIn + fanOut)), stream);
      return;
    case 'xavier_normal':
      fillNormal(values, Math.sqrt(2 / (fanIn + fanOut)), stream);
      return;
    case 'kaiming_uniform':
      fillUniform(values, Math.sqrt(6 / fanIn), stream);
      return;
    case 'kaiming_normal':
      fillNormal(values, Math.sqrt(2 / fanIn), stream);
      return;
    case 'orthogonal': {
      const rows = fanOut / gates;
      for (let gate = 0; gate < gates; gate++) {
        values.set(
          orthogonal(rows, fanIn, () => stream.normal()),
          gate * rows * fanIn,
        );
      }
    }
  }
}

function fillUniform(values: Float32Array, bound: number, stream: RandomStream): void {
  for (let n = 0; n < values.length; n++) values[n] = bound * (2 * stream.uniform() - 1);
}

function fillNormal(values: Float32Array, std: number, stream: RandomStream): void {
  for (let n = 0; n < values.length; n++) values[n] = std * stream.normal();
}

/** PyTorch's LSTM stacks i, f, g, o: the forget gate's bias is the second quarter. */
function setForgetBias(values: Float32Array, { name, gates }: ParameterSpec, { forget_bias }: InitConfig): void {
  if (forget_bias === null) return;
  const hidden = values.length / gates;
  values.fill(name.startsWith('rnn.bias_ih') ? forget_bias : 0, hidden, 2 * hidden);
}
