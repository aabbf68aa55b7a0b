import { inputGates, inputGradients, statesBefore, sumOfBiases } from './input-products.js';
import type { Handle } from './ops.js';
import type { RecurrentPass } from './pass.js';

/** nn.RNN: h = tanh(x·W_ihᵀ + b + h·W_hhᵀ), or relu: three ops a step, either way. */
export const rnnPass: RecurrentPass = {
  forward(input) {
    const { ops, m, time, weights, nonlinearity } = input;
    const activation = nonlinearity === 'relu' ? 'Relu' : 'Tanh';
    let h = input.h0;
    const states = m.steps(inputGates(input, sumOfBiases(input)), time).map((x) => {
      h = ops.one(activation, [m.add(x, m.product(h, weights.weight_hh, { b: true }))]);
      return h;
    });
    return { states: m.concat(states, 0), cells: null, saved: [] };
  },

  backward(input, { states }, cotangents) {
    const { ops, m, time, weights, nonlinearity } = input;
    const slopes = m.steps(nonlinearity === 'relu' ? ops.one('Sign', [states]) : m.tanhSlope(states), time);
    const outer = m.steps(cotangents.states, time);
    const gates = new Array<Handle>(time);
    let dh = outer[time - 1]!;
    for (let n = time - 1; n >= 0; n--) {
      gates[n] = m.times(dh, slopes[n]!);
      dh = m.product(gates[n]!, weights.weight_hh);
      if (n > 0) dh = m.add(dh, outer[n - 1]!);
    }
    const all = m.concat(gates, 0);
    const inputs = inputGradients(input, all);
    return {
      ...inputs,
      weight_hh: m.product(all, statesBefore(input.h0, states, input), { a: true }),
      bias_hh: inputs.bias_ih,
      weight_hr: null,
      h0: dh,
      c0: null,
    };
  },
};
