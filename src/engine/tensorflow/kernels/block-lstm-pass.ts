import type { OpAttribute } from '../backend.js';
import { sumOfBiases } from './input-products.js';
import { lstmBackward } from './lstm-backward.js';
import type { Handle } from './ops.js';
import type { PassCotangents, PassGradients, PassInput, PassOutput, RecurrentPass } from './pass.js';

/**
 * nn.LSTM without a projection by TensorFlow's own BlockLSTMV2: all steps in one op, forwards and backwards. Its gates
 * stand in PyTorch's order (i, f, g, o, though its documentation says i, c, f, o), its weights are [I + H, 4H].
 */
export const blockLstmPass: RecurrentPass = {
  forward(input) {
    const { ops, m, time, size, hidden, rows, index } = input;
    const x = m.reshape(m.rows(rows, index), [time, size, rows.shape[1]!]);
    const weights = blockWeights(input);
    const outputs = ops.many(
      'BlockLSTMV2',
      [ops.long(time), x, input.c0!, input.h0, ...weights],
      [ops.attribute.number('cell_clip', 0), noPeepholes(input)],
      7,
    );
    const [, cells, , , , , states] = outputs;
    const flat = (handle: Handle): Handle => m.reshape(handle, [time * size, hidden]);
    return { states: flat(states!), cells: flat(cells!), saved: [x, ...weights, ...outputs] };
  },

  backward: (input, output, cotangents) =>
    isStepwiseFaster(input) ? stepwiseBackward(input, output, cotangents) : blockBackward(input, output, cotangents),
};

function blockBackward(input: PassInput, { saved }: PassOutput, { states, cells }: PassCotangents): PassGradients {
  const { ops, m, time, size, hidden, rows, rowCount, index } = input;
  const features = rows.shape[1]!;
  const [x, ...rest] = saved as [Handle, ...Handle[]];
  const stepwise = (handle: Handle): Handle => m.reshape(handle, [time, size, hidden]);
  const [dx, c0, h0, dWeights, , , , bias] = ops.many(
    'BlockLSTMGradV2',
    [ops.long(time), x, input.c0!, input.h0, ...rest, stepwise(cells!), stepwise(states)],
    [noPeepholes(input)],
    8,
  );
  const turned = ops.one('Transpose', [dWeights!, ops.ints(Int32Array.of(1, 0), [2])]);
  const [weight_ih, weight_hh] = m.columns(turned, [features, hidden]);
  return {
    rows: m.sumByRow(m.reshape(dx!, [time * size, features]), index, rowCount),
    weight_ih: weight_ih!,
    weight_hh: weight_hh!,
    bias_ih: bias!,
    bias_hh: bias!,
    weight_hr: null,
    h0: h0!,
    c0: c0!,
  };
}

function stepwiseBackward(input: PassInput, { states, cells, saved }: PassOutput, cotangents: PassCotangents) {
  const { m, time, size, hidden } = input;
  const activations = saved.slice(OPERANDS).map((handle) => m.reshape(handle, [time * size, hidden]));
  const [i, , f, o, g, tanh] = activations as [Handle, Handle, Handle, Handle, Handle, Handle];
  return lstmBackward(input, { i, f, g, o, tanh, cells: cells!, states }, cotangents);
}

/** How many operands of the op come before its outputs in what is saved: x, w, three peephole weights, the bias. */
const OPERANDS = 6;

/**
 * BlockLSTMGradV2 adds to the weights' gradient at every step. From some width on the processor spends more on that than
 * on the ops of single steps (measured with 256: 12.6 against 19.1 training steps a second); a GPU does not.
 */
function isStepwiseFaster({ ops, hidden }: PassInput): boolean {
  return hidden >= 192 && !ops.backend.isUsingGpuDevice;
}

/** w, three peephole weights that are not used, and the bias. */
function blockWeights(input: PassInput): Handle[] {
  const { ops, m, hidden, weights } = input;
  const both = m.concat([weights.weight_ih, weights.weight_hh], 1);
  const w = ops.one('Transpose', [both, ops.ints(Int32Array.of(1, 0), [2])]);
  const none = m.zeros([hidden]);
  return [w, none, none, none, sumOfBiases(input) ?? m.zeros([4 * hidden])];
}

function noPeepholes({ ops }: PassInput): OpAttribute {
  return ops.attribute.bool('use_peephole', false);
}
