import type { OpAttribute } from '../backend.js';
import { sumOfBiases } from './input-products.js';
import type { Handle } from './ops.js';
import type { PassInput, RecurrentPass } from './pass.js';

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

  backward(input, { saved }, cotangents) {
    const { ops, m, time, size, hidden, rows, rowCount, index } = input;
    const features = rows.shape[1]!;
    const [x, ...rest] = saved as [Handle, ...Handle[]];
    const stepwise = (handle: Handle): Handle => m.reshape(handle, [time, size, hidden]);
    const [dx, c0, h0, dWeights, , , , bias] = ops.many(
      'BlockLSTMGradV2',
      [ops.long(time), x, input.c0!, input.h0, ...rest, stepwise(cotangents.cells!), stepwise(cotangents.states)],
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
  },
};

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
