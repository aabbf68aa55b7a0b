import { inputGates, sumOfBiases } from './input-products.js';
import { lstmBackward } from './lstm-backward.js';
import type { Handle } from './ops.js';
import type { RecurrentPass } from './pass.js';

/** nn.LSTM with `proj_size`, which no op of TensorFlow has: step by step, all gates in one product; h = (o·tanh(c))·W_hrᵀ. */
export const projectedLstmPass: RecurrentPass = {
  forward(input) {
    const { ops, m, time, weights } = input;
    const axis = ops.ints(Int32Array.of(1), []);
    const four = [ops.attribute.int('num_split', 4)];
    const made: { i: Handle; f: Handle; g: Handle; o: Handle; c: Handle; h: Handle }[] = [];
    let h = input.h0;
    let c = input.c0!;
    for (const x of m.steps(inputGates(input, sumOfBiases(input)), time)) {
      const sums = ops.many('Split', [axis, m.add(x, m.product(h, weights.weight_hh, { b: true }))], four, 4);
      const [i, f, g, o] = sums.map((sum, n) => ops.one(n === 2 ? 'Tanh' : 'Sigmoid', [sum])) as Gates;
      c = m.add(m.times(f, c), m.times(i, g));
      h = m.product(m.times(o, ops.one('Tanh', [c])), weights.weight_hr!, { b: true });
      made.push({ i, f, g, o, c, h });
    }
    const stacked = (key: 'i' | 'f' | 'g' | 'o' | 'c' | 'h'): Handle =>
      m.concat(
        made.map((step) => step[key]),
        0,
      );
    return {
      states: stacked('h'),
      cells: stacked('c'),
      saved: [stacked('i'), stacked('f'), stacked('g'), stacked('o')],
    };
  },

  backward(input, { states, cells, saved }, cotangents) {
    const [i, f, g, o] = saved as Gates;
    const tanh = input.ops.one('Tanh', [cells!]);
    return lstmBackward(input, { i, f, g, o, cells: cells!, tanh, states }, cotangents);
  },
};

type Gates = [Handle, Handle, Handle, Handle];
