import { inputGates, inputGradients, statesBefore, sumOfBiases } from './input-products.js';
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
    const { ops, m, time, weights } = input;
    const [i, f, g, o] = saved as Gates;
    const tanh = ops.one('Tanh', [cells!]);
    // What the gradients of the hidden state before its projection, and of c, are multiplied with, for all steps.
    const toCell = m.steps(m.times(o, m.tanhSlope(tanh)), time);
    const toO = m.steps(m.times(tanh, m.sigmoidSlope(o)), time);
    const before = statesBefore(input.c0!, cells!, input);
    const toGates = m.steps(
      m.concat([m.times(g, m.sigmoidSlope(i)), m.times(before, m.sigmoidSlope(f)), m.times(i, m.tanhSlope(g))], 1),
      time,
    );
    const fSteps = m.steps(f, time);
    const outer = m.steps(cotangents.states, time);
    const outerCells = m.steps(cotangents.cells!, time);
    const gates = new Array<Handle>(time);
    const dhs = new Array<Handle>(time);
    let dh = outer[time - 1]!;
    let dc = outerCells[time - 1]!;
    for (let n = time - 1; n >= 0; n--) {
      dhs[n] = dh;
      const inner = m.product(dh, weights.weight_hr!);
      dc = m.add(dc, m.times(inner, toCell[n]!));
      const ifg = m.times(m.concat([dc, dc, dc], 1), toGates[n]!);
      gates[n] = m.concat([ifg, m.times(inner, toO[n]!)], 1);
      dh = m.product(gates[n]!, weights.weight_hh);
      dc = m.times(dc, fSteps[n]!);
      if (n === 0) break;
      dh = m.add(dh, outer[n - 1]!);
      dc = m.add(dc, outerCells[n - 1]!);
    }
    const all = m.concat(gates, 0);
    const inputs = inputGradients(input, all);
    return {
      ...inputs,
      weight_hh: m.product(all, statesBefore(input.h0, states, input), { a: true }),
      bias_hh: inputs.bias_ih,
      weight_hr: m.product(m.concat(dhs, 0), m.times(o, tanh), { a: true }),
      h0: dh,
      c0: dc,
    };
  },
};

type Gates = [Handle, Handle, Handle, Handle];
