/**
 * cuDNN's recurrent layers as its documentation writes them, in float64 and number by number, on its own flat buffer of
 * parameters; gradients by central differences. Nothing here is the engine's: what it packs is read as cuDNN reads it.
 */
export interface Emulated {
  readonly mode: 'lstm' | 'gru' | 'rnn_tanh' | 'rnn_relu';
  readonly directions: 1 | 2;
  readonly projection: number | null;
  readonly time: number;
  readonly batch: number;
  readonly input: number;
  readonly hidden: number;
  readonly lengths: readonly number[];
}

/** Flat arrays: x [T, B, I], h0 [D, B, S], c0 [D, B, H], parameters [N]. */
export interface EmulatedInputs {
  readonly x: Float64Array;
  readonly h0: Float64Array;
  readonly c0: Float64Array;
  readonly parameters: Float64Array;
}

/** output [T, B, D·S], zero beyond each length; h [D, B, S]; c [D, B, H]. */
export interface EmulatedOutputs {
  readonly output: Float64Array;
  readonly h: Float64Array;
  readonly c: Float64Array;
}

/** Matrices of one pseudo-layer by cuDNN's linLayerID, then its biases by the same. */
export function regions({ mode, directions, projection, input, hidden }: Emulated) {
  const gates = gateCount(mode);
  const state = projection ?? hidden;
  let offset = 0;
  const take = (size: number): { offset: number; size: number } => {
    const region = { offset, size };
    offset += size;
    return region;
  };
  const matrices = Array.from({ length: directions }, () => [
    ...Array.from({ length: gates }, () => take(hidden * input)),
    ...Array.from({ length: gates }, () => take(hidden * state)),
    ...(projection === null ? [] : [take(projection * hidden)]),
  ]);
  const biases = Array.from({ length: directions }, () => Array.from({ length: 2 * gates }, () => take(hidden)));
  return { matrices, biases, size: offset };
}

export function emulate(call: Emulated, { x, h0, c0, parameters }: EmulatedInputs): EmulatedOutputs {
  const { mode, directions, time, batch, input, hidden, lengths } = call;
  const gates = gateCount(mode);
  const state = call.projection ?? hidden;
  const { matrices, biases } = regions(call);
  const output = new Float64Array(time * batch * directions * state);
  const h = Float64Array.from(h0);
  const c = Float64Array.from(c0);
  for (let d = 0; d < directions; d++) {
    for (let b = 0; b < batch; b++) {
      const hs = h.subarray((d * batch + b) * state, (d * batch + b + 1) * state);
      const cs = c.subarray((d * batch + b) * hidden, (d * batch + b + 1) * hidden);
      for (let n = 0; n < lengths[b]!; n++) {
        const t = d === 1 ? lengths[b]! - 1 - n : n;
        const xs = x.subarray((t * batch + b) * input, (t * batch + b + 1) * input);
        // W·x + bW for each gate, and R·h + bR.
        const [fromInput, fromState] = [0, 1].map((side) =>
          Array.from({ length: gates }, (_, gate) => {
            const id = side * gates + gate;
            return affine(parameters, matrices[d]![id]!, biases[d]![id]!, side === 0 ? xs : hs);
          }),
        ) as [number[][], number[][]];
        const inner = cell(mode, fromInput, fromState, hs, cs);
        const projected = call.projection === null ? inner : affine(parameters, matrices[d]![2 * gates]!, null, inner);
        hs.set(projected);
        output.set(projected, (t * batch + b) * directions * state + d * state);
      }
    }
  }
  return { output, h, c };
}

/** The gradients of Σ outputs·dys. */
export function emulateGradients(call: Emulated, inputs: EmulatedInputs, dys: EmulatedOutputs): EmulatedInputs {
  const value = (changed: EmulatedInputs): number => {
    const outputs = emulate(call, changed);
    return dot(outputs.output, dys.output) + dot(outputs.h, dys.h) + dot(outputs.c, dys.c);
  };
  const gradient = (name: keyof EmulatedInputs): Float64Array =>
    inputs[name].map((at, n) => {
      const step = 1e-5;
      const [above, below] = [at + step, at - step].map((moved) => {
        const changed = Float64Array.from(inputs[name]);
        changed[n] = moved;
        return value({ ...inputs, [name]: changed });
      }) as [number, number];
      return (above - below) / (2 * step);
    });
  return { x: gradient('x'), h0: gradient('h0'), c0: gradient('c0'), parameters: gradient('parameters') };
}

function gateCount(mode: Emulated['mode']): number {
  if (mode === 'lstm') return 4;
  return mode === 'gru' ? 3 : 1;
}

/** One step; `c` is changed in place. */
function cell(mode: Emulated['mode'], w: number[][], r: number[][], h: Float64Array, c: Float64Array): number[] {
  const sum = (gate: number, k: number): number => w[gate]![k]! + r[gate]![k]!;
  if (mode === 'lstm') {
    // linLayerIDs 0 and 4 are the input gate's, 1 and 5 the forget gate's, 2 and 6 the new memory's, 3 and 7 the output gate's.
    return Array.from(c, (before, k) => {
      c[k] = sigmoid(sum(1, k)) * before + sigmoid(sum(0, k)) * Math.tanh(sum(2, k));
      return sigmoid(sum(3, k)) * Math.tanh(c[k]!);
    });
  }
  if (mode === 'gru') {
    // 0 and 3 are the reset gate's, 1 and 4 the update gate's, 2 and 5 the new memory's.
    return Array.from(h, (before, k) => {
      const update = sigmoid(sum(1, k));
      return (1 - update) * Math.tanh(w[2]![k]! + sigmoid(sum(0, k)) * r[2]![k]!) + update * before;
    });
  }
  return w[0]!.map((_, k) => (mode === 'rnn_tanh' ? Math.tanh(sum(0, k)) : Math.max(0, sum(0, k))));
}

interface Region {
  readonly offset: number;
  readonly size: number;
}

function affine(parameters: Float64Array, matrix: Region, bias: Region | null, x: ArrayLike<number>): number[] {
  return Array.from({ length: matrix.size / x.length }, (_, row) => {
    let sum = bias === null ? 0 : parameters[bias.offset + row]!;
    for (let k = 0; k < x.length; k++) sum += parameters[matrix.offset + row * x.length + k]! * x[k]!;
    return sum;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
