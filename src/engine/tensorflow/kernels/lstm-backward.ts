import { inputGradients, statesBefore } from './input-products.js';
import type { Handle } from './ops.js';
import type { PassCotangents, PassGradients, PassInput } from './pass.js';

/** What a forward pass computed, for all steps [T·B, H], and the states it put out [T·B, S]. */
export interface LstmActivations {
  readonly i: Handle;
  readonly f: Handle;
  readonly g: Handle;
  readonly o: Handle;
  readonly cells: Handle;
  /** tanh of `cells`. */
  readonly tanh: Handle;
  readonly states: Handle;
}

/**
 * The backward pass of an LSTM, with a projection or without, step by step: what each step multiplies its gradients with
 * is computed for all steps at once before, and the weights' gradients in one product each after.
 */
export function lstmBackward(
  input: PassInput,
  { i, f, g, o, cells, tanh, states }: LstmActivations,
  cotangents: PassCotangents,
): PassGradients {
  const { m, time, weights } = input;
  const toCell = m.steps(m.times(o, m.tanhSlope(tanh)), time);
  const toO = m.steps(m.times(tanh, m.sigmoidSlope(o)), time);
  const before = statesBefore(input.c0!, cells, input);
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
    const inner = weights.weight_hr === null ? dh : m.product(dh, weights.weight_hr);
    dc = m.add(dc, m.times(inner, toCell[n]!));
    gates[n] = m.concat([m.times(m.concat([dc, dc, dc], 1), toGates[n]!), m.times(inner, toO[n]!)], 1);
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
    weight_hr: weights.weight_hr === null ? null : m.product(m.concat(dhs, 0), m.times(o, tanh), { a: true }),
    h0: dh,
    c0: dc,
  };
}
