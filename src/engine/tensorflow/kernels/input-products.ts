import type { Handle } from './ops.js';
import type { PassGradients, PassInput } from './pass.js';

/** The inputs' share of the gates at every step, [T·B, G·H]: one product for all steps, each distinct row multiplied once. */
export function inputGates({ m, rows, index, weights }: PassInput, bias: Handle | null): Handle {
  const product = m.product(rows, weights.weight_ih, { b: true });
  return m.rows(bias === null ? product : m.add(product, bias), index);
}

/** The gradients of `inputGates`: those of equal rows are summed before they are multiplied. */
export function inputGradients(
  { m, rows, rowCount, index, weights }: PassInput,
  gates: Handle,
): Pick<PassGradients, 'rows' | 'weight_ih' | 'bias_ih'> {
  const perRow = m.sumByRow(gates, index, rowCount);
  return {
    rows: m.product(perRow, weights.weight_ih),
    weight_ih: m.product(perRow, rows, { a: true }),
    bias_ih: m.sumRows(perRow),
  };
}

/** Both biases as one, for cells that add them to the same sum. */
export function sumOfBiases({ m, weights: { bias_ih, bias_hh } }: PassInput): Handle | null {
  if (bias_ih === null || bias_hh === null) return bias_ih ?? bias_hh;
  return m.add(bias_ih, bias_hh);
}

/** [T·B, S]: the state before every step. */
export function statesBefore(first: Handle, states: Handle, { m, ops, time, size }: PassInput): Handle {
  if (time === 1) return first;
  const width = first.shape[1]!;
  const begin = ops.ints(Int32Array.of(0, 0), [2]);
  const extent = ops.ints(Int32Array.of((time - 1) * size, width), [2]);
  return m.concat([first, ops.one('Slice', [states, begin, extent])], 0);
}
