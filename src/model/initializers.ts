import { drawNormal } from '../engine/ops.js';
import type { InitConfig, Initializer, ModelConfig } from '../plan/trial-config.js';
import { randomStream, type StreamKey } from '../random/stream.js';
import { tf } from '../tf.js';
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
export function initialTensor(spec: ParameterSpec, config: ModelConfig, seed: number): tf.Tensor {
  return tf.tidy(() => {
    const drawn = draw(spec, config.init[spec.group], { seed, purpose: `init:${spec.name}` });
    return config.cell === 'lstm' && spec.group === 'bias' ? withForgetBias(drawn, spec, config.init) : drawn;
  });
}

function draw(spec: ParameterSpec, initializer: Initializer, stream: StreamKey): tf.Tensor {
  const shape = [...spec.shape];
  if (typeof initializer === 'object') {
    if ('uniform' in initializer) return drawUniform(shape, initializer.uniform, stream);
    if ('normal' in initializer) return drawNormal(shape, initializer.normal, stream);
    return tf.fill(shape, initializer.constant, 'float32');
  }
  const bound = 1 / Math.sqrt(spec.features);
  switch (initializer) {
    case 'zeros':
      return tf.zeros(shape);
    case 'pytorch':
      return spec.group === 'embedding' ? drawNormal(shape, 1, stream) : drawUniform(shape, bound, stream);
    case 'uniform':
      return drawUniform(shape, bound, stream);
    case 'normal':
      return drawNormal(shape, NORMAL_STD, stream);
    default:
      return shape.length === 2 ? drawMatrix(spec, initializer, stream) : tf.zeros(shape);
  }
}

function drawMatrix(
  { shape, gates }: ParameterSpec,
  initializer: 'xavier_uniform' | 'xavier_normal' | 'kaiming_uniform' | 'kaiming_normal' | 'orthogonal',
  stream: StreamKey,
): tf.Tensor {
  const [fanOut, fanIn] = shape as [number, number];
  switch (initializer) {
    case 'xavier_uniform':
      return drawUniform(shape, Math.sqrt(6 / (fanIn + fanOut)), stream);
    case 'xavier_normal':
      return drawNormal(shape, Math.sqrt(2 / (fanIn + fanOut)), stream);
    case 'kaiming_uniform':
      return drawUniform(shape, Math.sqrt(6 / fanIn), stream);
    case 'kaiming_normal':
      return drawNormal(shape, Math.sqrt(2 / fanIn), stream);
    case 'orthogonal': {
      const normals = randomStream(stream);
      const values = new Float32Array(fanOut * fanIn);
      const rows = fanOut / gates;
      for (let gate = 0; gate < gates; gate++) {
        values.set(
          orthogonal(rows, fanIn, () => normals.normal()),
          gate * rows * fanIn,
        );
      }
      return tf.tensor(values, [fanOut, fanIn], 'float32');
    }
  }
}

function drawUniform(shape: readonly number[], bound: number, stream: StreamKey): tf.Tensor {
  const uniforms = randomStream(stream);
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let n = 0; n < values.length; n++) values[n] = bound * (2 * uniforms.uniform() - 1);
  return tf.tensor(values, [...shape], 'float32');
}

/** PyTorch's LSTM stacks i, f, g, o: the forget gate's bias is the second quarter. */
function withForgetBias(drawn: tf.Tensor, { name, gates }: ParameterSpec, { forget_bias }: InitConfig): tf.Tensor {
  if (forget_bias === null) return drawn;
  const values = drawn.dataSync().slice();
  const hidden = values.length / gates;
  values.fill(name.startsWith('rnn.bias_ih') ? forget_bias : 0, hidden, 2 * hidden);
  return tf.tensor(values, drawn.shape, 'float32');
}
