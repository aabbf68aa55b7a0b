import type { Cell } from '../../src/plan/trial-config.js';

/** One direction's weights as nested rows, in float64. */
export interface ReferenceWeights {
  readonly weight_ih: readonly (readonly number[])[];
  readonly weight_hh: readonly (readonly number[])[];
  readonly bias_ih: readonly number[];
  readonly bias_hh: readonly number[];
}

/** One sequence through one direction of a cell, number by number as PyTorch's documentation writes it: outputs [T, H]. */
export function referenceSequence(
  cell: Cell,
  x: readonly (readonly number[])[],
  weights: ReferenceWeights,
): number[][] {
  const hidden = weights.weight_hh[0]!.length;
  let h = new Array<number>(hidden).fill(0);
  let c = new Array<number>(hidden).fill(0);
  return x.map((input) => {
    const fromInput = weights.weight_ih.map((row, n) => dot(row, input) + weights.bias_ih[n]!);
    const fromState = weights.weight_hh.map((row, n) => dot(row, h) + weights.bias_hh[n]!);
    const gate = (n: number, k: number): number => fromInput[n * hidden + k]! + fromState[n * hidden + k]!;
    if (cell === 'lstm') {
      c = c.map((value, k) => sigmoid(gate(1, k)) * value + sigmoid(gate(0, k)) * Math.tanh(gate(2, k)));
      h = c.map((value, k) => sigmoid(gate(3, k)) * Math.tanh(value));
    } else if (cell === 'gru') {
      h = h.map((value, k) => {
        const z = sigmoid(gate(1, k));
        const n = Math.tanh(fromInput[2 * hidden + k]! + sigmoid(gate(0, k)) * fromState[2 * hidden + k]!);
        return (1 - z) * n + z * value;
      });
    } else h = h.map((_, k) => Math.tanh(gate(0, k)));
    return h;
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
