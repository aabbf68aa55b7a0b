/**
 * One direction of a recurrent layer in double precision, a sequence, a step and a number at a time: the equations of
 * PyTorch's documentation and their derivatives, with nothing shared with the kernels.
 */
export interface NaiveShape {
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly batch: number;
  readonly time: number;
  readonly input: number;
  readonly hidden: number;
  readonly projection?: number;
  readonly reverse?: boolean;
}

type Values = ArrayLike<number>;

export interface NaiveOperands {
  readonly x: Values;
  readonly index?: Values | undefined;
  readonly lengths?: Values | undefined;
  readonly h0?: Values | undefined;
  readonly c0?: Values | undefined;
  readonly weight_ih: Values;
  readonly weight_hh: Values;
  readonly bias_ih?: Values | undefined;
  readonly bias_hh?: Values | undefined;
  readonly weight_hr?: Values | undefined;
}

export interface NaiveCotangents {
  readonly output: Values;
  readonly h_n: Values;
  readonly c_n: Values;
}

export type NaiveResult = Record<
  | 'output'
  | 'h_n'
  | 'c_n'
  | 'dx'
  | 'dh0'
  | 'dc0'
  | 'dweight_ih'
  | 'dweight_hh'
  | 'dbias_ih'
  | 'dbias_hh'
  | 'dweight_hr',
  Float64Array
>;

interface Step {
  readonly time: number;
  readonly row: number;
  readonly h: Float64Array;
  readonly c: Float64Array;
  /** Activated gates; GRU: r, z, n, and W_hn h + b_hn. */
  readonly gates: Float64Array;
  readonly tanhC: Float64Array;
  readonly unprojected: Float64Array;
}

export function naiveLayer(shape: NaiveShape, operands: NaiveOperands, cotangents: NaiveCotangents): NaiveResult {
  const { cell, batch, time, input, hidden, projection = 0, reverse = false } = shape;
  const gates = { lstm: 4, gru: 3, rnn: 1 }[cell];
  const width = projection || hidden;
  const result: NaiveResult = {
    output: new Float64Array(batch * time * width),
    h_n: new Float64Array(batch * width),
    c_n: new Float64Array(batch * hidden),
    dx: new Float64Array(operands.x.length),
    dh0: new Float64Array(batch * width),
    dc0: new Float64Array(batch * hidden),
    dweight_ih: new Float64Array(gates * hidden * input),
    dweight_hh: new Float64Array(gates * hidden * width),
    dbias_ih: new Float64Array(gates * hidden),
    dbias_hh: new Float64Array(gates * hidden),
    dweight_hr: new Float64Array(projection * hidden),
  };
  for (let b = 0; b < batch; b++) {
    const length = operands.lengths?.[b] ?? time;
    const steps: Step[] = [];
    let h = slice(operands.h0, b, width);
    let c = slice(operands.c0, b, hidden);
    for (let s = 0; s < length; s++) {
      const t = reverse ? length - 1 - s : s;
      const row = operands.index?.[b * time + t] ?? b * time + t;
      const step = forwardStep(shape, operands, t, row, h, c);
      steps.push(step.kept);
      ({ h, c } = step);
      result.output.set(h, (b * time + t) * width);
    }
    result.h_n.set(h, b * width);
    result.c_n.set(c, b * hidden);
    const dh = slice(cotangents.h_n, b, width);
    const dc = slice(cell === 'lstm' ? cotangents.c_n : undefined, b, hidden);
    for (const step of steps.reverse()) {
      for (let n = 0; n < width; n++) dh[n]! += cotangents.output[(b * time + step.time) * width + n]!;
      backwardStep(shape, operands, step, dh, dc, result);
    }
    result.dh0.set(dh, b * width);
    result.dc0.set(dc, b * hidden);
  }
  return result;
}

function forwardStep(shape: NaiveShape, w: NaiveOperands, time: number, row: number, h: Float64Array, c: Float64Array) {
  const { cell, nonlinearity = 'tanh', input, hidden: H, projection = 0 } = shape;
  const fromX = (n: number): number => dot(w.weight_ih, n * input, w.x, row * input, input) + (w.bias_ih?.[n] ?? 0);
  const fromH = (n: number): number => dot(w.weight_hh, n * h.length, h, 0, h.length) + (w.bias_hh?.[n] ?? 0);
  const gates = new Float64Array(4 * H);
  const nextC = new Float64Array(H);
  const tanhC = new Float64Array(H);
  const unprojected = new Float64Array(H);
  for (let n = 0; n < H; n++) {
    if (cell === 'rnn') {
      const z = fromX(n) + fromH(n);
      gates[n] = nonlinearity === 'relu' ? Math.max(0, z) : Math.tanh(z);
      unprojected[n] = gates[n]!;
    } else if (cell === 'gru') {
      const r = sigmoid(fromX(n) + fromH(n));
      const z = sigmoid(fromX(H + n) + fromH(H + n));
      const hn = fromH(2 * H + n);
      const candidate = Math.tanh(fromX(2 * H + n) + r * hn);
      [r, z, candidate, hn].forEach((value, gate) => {
        gates[gate * H + n] = value;
      });
      unprojected[n] = (1 - z) * candidate + z * h[n]!;
    } else {
      const pre = (gate: number): number => fromX(gate * H + n) + fromH(gate * H + n);
      const [i, f, g, o] = [sigmoid(pre(0)), sigmoid(pre(1)), Math.tanh(pre(2)), sigmoid(pre(3))];
      [i, f, g, o].forEach((value, gate) => {
        gates[gate * H + n] = value;
      });
      nextC[n] = f * c[n]! + i * g;
      tanhC[n] = Math.tanh(nextC[n]!);
      unprojected[n] = o * tanhC[n]!;
    }
  }
  const nextH = projection
    ? Float64Array.from({ length: projection }, (_, p) => dot(w.weight_hr!, p * H, unprojected, 0, H))
    : unprojected;
  return { h: nextH, c: nextC, kept: { time, row, h, c, gates, tanhC, unprojected } };
}

/** `dh`, `dc` come in for the step's results and leave for the step before. */
function backwardStep(
  shape: NaiveShape,
  w: NaiveOperands,
  step: Step,
  dh: Float64Array,
  dc: Float64Array,
  out: NaiveResult,
) {
  const { cell, nonlinearity = 'tanh', input, hidden: H, projection = 0 } = shape;
  const { gates, h, c, tanhC, unprojected, row } = step;
  const d = projection ? new Float64Array(H) : dh.slice();
  for (let p = 0; p < projection; p++) {
    for (let n = 0; n < H; n++) {
      d[n]! += dh[p]! * w.weight_hr![p * H + n]!;
      out.dweight_hr[p * H + n]! += dh[p]! * unprojected[n]!;
    }
  }
  dh.fill(0);
  // The gradients of the pre-activations; `recurrent` differs for GRU's n gate only.
  const count = { lstm: 4, gru: 3, rnn: 1 }[cell] * H;
  const direct = new Float64Array(count);
  const recurrent = new Float64Array(count);
  const set = (at: number, value: number, viaH = value): void => {
    direct[at] = value;
    recurrent[at] = viaH;
  };
  for (let n = 0; n < H; n++) {
    const gate = (k: number): number => gates[k * H + n]!;
    if (cell === 'rnn') set(n, d[n]! * (nonlinearity === 'relu' ? Number(gate(0) > 0) : 1 - gate(0) ** 2));
    else if (cell === 'gru') {
      const [r, z, candidate, hn] = [gate(0), gate(1), gate(2), gate(3)];
      const dn = d[n]! * (1 - z) * (1 - candidate ** 2);
      set(n, dn * hn * r * (1 - r));
      set(H + n, d[n]! * (h[n]! - candidate) * z * (1 - z));
      set(2 * H + n, dn, dn * r);
      dh[n]! += d[n]! * z;
    } else {
      const [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
      const total = dc[n]! + d[n]! * o * (1 - tanhC[n]! ** 2);
      set(n, total * g * i * (1 - i));
      set(H + n, total * c[n]! * f * (1 - f));
      set(2 * H + n, total * i * (1 - g ** 2));
      set(3 * H + n, d[n]! * tanhC[n]! * o * (1 - o));
      dc[n] = total * f;
    }
  }
  for (let n = 0; n < count; n++) {
    out.dbias_ih[n]! += direct[n]!;
    out.dbias_hh[n]! += recurrent[n]!;
    for (let k = 0; k < input; k++) {
      out.dweight_ih[n * input + k]! += direct[n]! * w.x[row * input + k]!;
      out.dx[row * input + k]! += direct[n]! * w.weight_ih[n * input + k]!;
    }
    for (let k = 0; k < h.length; k++) {
      out.dweight_hh[n * h.length + k]! += recurrent[n]! * h[k]!;
      dh[k]! += recurrent[n]! * w.weight_hh[n * h.length + k]!;
    }
  }
}

function slice(values: Values | undefined, row: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, n) => values?.[row * width + n] ?? 0);
}

function dot(a: Values, aAt: number, b: Values, bAt: number, count: number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += a[aAt + n]! * b[bAt + n]!;
  return sum;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
