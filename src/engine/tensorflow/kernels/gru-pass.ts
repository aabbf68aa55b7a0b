import { inputGates, inputGradients, statesBefore } from './input-products.js';
import type { Handle } from './ops.js';
import type { PassInput, RecurrentPass } from './pass.js';

/**
 * nn.GRU: r, z = σ(x + h·W), n = tanh(x_n + r·(h·W_n + b_n)), h' = n + z·(h − n). Backwards, all that a step multiplies
 * its gradient with is computed for all steps at once, so that a step is one product and five small ops.
 */
export const gruPass: RecurrentPass = {
  forward(input) {
    const { ops, m, time, hidden, weights } = input;
    const { outer, inner } = biases(input);
    const gates = m.columns(inputGates(input, outer), [2 * hidden, hidden]);
    const [rzInputs, nInputs] = gates.map((x) => m.steps(x, time)) as [Handle[], Handle[]];
    const [rzWeights, nWeights] = splitGates(input, weights.weight_hh);
    const halves = ops.ints(Int32Array.of(1), []);
    const two = [ops.attribute.int('num_split', 2)];
    const made: { rz: Handle; n: Handle; product: Handle; h: Handle }[] = [];
    let h = input.h0;
    for (let t = 0; t < time; t++) {
      const plain = m.product(h, nWeights!, { b: true });
      const product = inner === null ? plain : m.add(plain, inner);
      const rz = ops.one('Sigmoid', [m.add(rzInputs[t]!, m.product(h, rzWeights!, { b: true }))]);
      const [r, z] = ops.many('Split', [halves, rz], two, 2);
      const n = ops.one('Tanh', [m.add(nInputs[t]!, m.times(r!, product))]);
      h = m.add(n, m.times(z!, m.subtract(h, n)));
      made.push({ rz, n, product, h });
    }
    const stacked = (key: 'rz' | 'n' | 'product' | 'h'): Handle =>
      m.concat(
        made.map((step) => step[key]),
        0,
      );
    return { states: stacked('h'), cells: null, saved: [stacked('rz'), stacked('n'), stacked('product')] };
  },

  backward(input, { states, saved }, cotangents) {
    const { ops, m, time, hidden, weights } = input;
    const [rz, n, product] = saved as [Handle, Handle, Handle];
    const [r, z] = m.columns(rz, [hidden, hidden]) as [Handle, Handle];
    const before = statesBefore(input.h0, states, input);
    // dh·toN is n's gradient before its tanh; dh·factors those of the recurrent products of r, z and n.
    const toN = m.subtract(m.tanhSlope(n), m.times(z, m.tanhSlope(n)));
    const factors = m.concat(
      [
        m.times(toN, m.times(product, m.sigmoidSlope(r))),
        m.times(m.subtract(before, n), m.sigmoidSlope(z)),
        m.times(toN, r),
      ],
      1,
    );
    const factorSteps = m.steps(factors, time);
    const zSteps = m.steps(z, time);
    const outer = m.steps(cotangents.states, time);
    const dhs = new Array<Handle>(time);
    const products = new Array<Handle>(time);
    let dh = outer[time - 1]!;
    for (let t = time - 1; t >= 0; t--) {
      dhs[t] = dh;
      products[t] = m.times(m.concat([dh, dh, dh], 1), factorSteps[t]!);
      const parts = [m.product(products[t]!, weights.weight_hh), m.times(dh, zSteps[t]!)];
      if (t > 0) parts.push(outer[t - 1]!);
      dh = ops.one('AddN', parts, [ops.attribute.int('N', parts.length), ops.attribute.type('T', 'float')]);
    }
    const all = m.concat(products, 0);
    const [rzGates] = m.columns(all, [2 * hidden, hidden]);
    const gates = m.concat([rzGates!, m.times(m.concat(dhs, 0), toN)], 1);
    return {
      ...inputGradients(input, gates),
      weight_hh: m.product(all, before, { a: true }),
      bias_hh: m.sumRows(all),
      weight_hr: null,
      h0: dh,
      c0: null,
    };
  },
};

/** What is added to the inputs' share for all steps at once, and to n's recurrent product at each. */
function biases(input: PassInput): { outer: Handle | null; inner: Handle | null } {
  const { m, hidden, weights } = input;
  const { bias_ih, bias_hh } = weights;
  if (bias_hh === null) return { outer: bias_ih, inner: null };
  const [rz, n] = columnsOf(input, bias_hh);
  const padded = m.reshape(m.concat([rz!, m.zeros([1, hidden])], 1), [3 * hidden]);
  return { outer: bias_ih === null ? padded : m.add(bias_ih, padded), inner: m.reshape(n!, [hidden]) };
}

function columnsOf({ m, hidden }: PassInput, bias: Handle): Handle[] {
  return m.columns(m.reshape(bias, [1, 3 * hidden]), [2 * hidden, hidden]);
}

/** [3H, S] → those of r and z, and those of n. */
function splitGates({ ops, hidden }: PassInput, weight: Handle): Handle[] {
  const sizes = ops.ints(Int32Array.of(2 * hidden, hidden), [2]);
  return ops.many('SplitV', [weight, sizes, ops.ints(Int32Array.of(0), [])], [ops.attribute.int('num_split', 2)], 2);
}
