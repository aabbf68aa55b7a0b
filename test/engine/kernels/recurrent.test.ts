import { describe, expect, it } from 'vitest';
import type { RecurrentShape } from '../../../src/engine/kernels/library.js';
import { floats, integers, LIBRARIES, normals, relativeError } from './libraries.js';
import { type NaiveOperands, type NaiveShape, naiveLayer } from './naive-layer.js';
import { runLayer } from './run-layer.js';

interface Case extends NaiveShape {
  readonly name: string;
  /** Rows of x that an index points into. */
  readonly rows?: number;
  readonly lengths?: readonly number[];
  readonly state?: boolean;
  readonly bias?: boolean;
}

const ODD = { batch: 5, time: 33, input: 28, hidden: 67 };
const CASES: readonly Case[] = [
  { name: 'lstm of odd sizes', cell: 'lstm', ...ODD },
  { name: 'gru of odd sizes', cell: 'gru', ...ODD, state: true },
  { name: 'rnn of odd sizes', cell: 'rnn', ...ODD, state: true },
  { name: 'relu rnn', cell: 'rnn', nonlinearity: 'relu', batch: 3, time: 7, input: 5, hidden: 20 },
  { name: 'lstm of one sequence', cell: 'lstm', batch: 1, time: 9, input: 3, hidden: 16, state: true },
  { name: 'gru of one step', cell: 'gru', batch: 7, time: 1, input: 1, hidden: 1 },
  { name: 'rnn of one number', cell: 'rnn', batch: 1, time: 1, input: 1, hidden: 1, state: true },
  { name: 'lstm of whole panels, backwards', cell: 'lstm', batch: 32, time: 6, input: 32, hidden: 64, reverse: true },
  { name: 'lstm over distinct rows', cell: 'lstm', ...ODD, rows: 90, state: true },
  { name: 'gru over distinct rows, backwards', cell: 'gru', ...ODD, rows: 70, reverse: true },
  { name: 'rnn over few rows', cell: 'rnn', batch: 64, time: 4, input: 28, hidden: 33, rows: 28 },
  { name: 'lstm over a large table', cell: 'lstm', batch: 4, time: 5, input: 17, hidden: 18, rows: 50, state: true },
  { name: 'packed lstm', cell: 'lstm', ...ODD, lengths: [3, 33, 0, 20, 33], state: true },
  { name: 'packed lstm, backwards', cell: 'lstm', ...ODD, lengths: [3, 33, 0, 20, 33], state: true, reverse: true },
  {
    name: 'packed gru over distinct rows, backwards',
    cell: 'gru',
    ...ODD,
    rows: 60,
    lengths: [1, 2, 3, 33, 5],
    reverse: true,
  },
  { name: 'packed rnn over a large table', cell: 'rnn', ...ODD, rows: 400, lengths: [30, 2, 29, 29, 30], state: true },
  {
    name: 'packed lstm with empty sequences only',
    cell: 'lstm',
    batch: 2,
    time: 4,
    input: 3,
    hidden: 4,
    lengths: [0, 0],
    state: true,
  },
  { name: 'lstm with a projection', cell: 'lstm', ...ODD, projection: 19, state: true },
  {
    name: 'packed lstm with a projection, backwards',
    cell: 'lstm',
    ...ODD,
    projection: 19,
    rows: 60,
    lengths: [9, 33, 1, 20, 33],
    reverse: true,
  },
  // Its gates' gradients are more than one depth of a product (DEPTH in kernels/products.h).
  { name: 'lstm of many features', cell: 'lstm', batch: 3, time: 3, input: 5, hidden: 260, state: true },
  { name: 'gru without biases', cell: 'gru', batch: 6, time: 4, input: 10, hidden: 12, bias: false, state: true },
];

describe.each(LIBRARIES)('a recurrent layer on %s', (_, library) => {
  it.each(CASES)('$name: values and gradients are those of the equations', (layer) => {
    const { operands, cotangents } = draw(layer);
    const expected = naiveLayer(layer, operands, cotangents);
    const found = runLayer(library, layer, operands, cotangents);
    for (const name of Object.keys(found) as (keyof typeof found)[]) {
      if (found[name].length === 0) continue;
      expect(relativeError(found[name], expected[name]), name).toBeLessThan(2e-5);
    }
  });

  it('gives the same bits when called again', () => {
    const layer = CASES[8]!;
    const { operands, cotangents } = draw(layer);
    expect(runLayer(library, layer, operands, cotangents)).toEqual(runLayer(library, layer, operands, cotangents));
  });

  // Below 2^-126 a sum takes a hundred times as long on some processors.
  it.each(['lstm', 'gru', 'rnn'] as const)('%s: a gradient that vanishes through time ends at zero', (cell) => {
    const layer: Case = { name: `vanishing ${cell}`, cell, batch: 3, time: 400, input: 4, hidden: 16 };
    const { operands, cotangents } = draw(layer);
    const onlyLast = { ...cotangents, output: new Float32Array(cotangents.output.length) };
    const { dx } = runLayer(library, layer, operands, onlyLast);
    const atFirstSteps = Array.from({ length: layer.batch }, (_, b) => [...dx.subarray(b * 1600, b * 1600 + 4)]).flat();
    expect(atFirstSteps).toEqual(Array(12).fill(0));
    expect(dx.filter((d) => d !== 0 && Math.abs(d) < 2 ** -126)).toHaveLength(0);
    expect(dx.filter((d) => d !== 0 && Math.abs(d) < 2 ** -80).length).toBeGreaterThan(20);
  });

  it('lstm: the last cell alone has a gradient', () => {
    const layer = CASES[0]!;
    const { operands, cotangents } = draw(layer);
    const none = { output: cotangents.output.fill(0), h_n: cotangents.h_n.fill(0) };
    const expected = naiveLayer(layer, operands, { ...cotangents, ...none });
    const { dx, dweight_hh } = runLayer(library, layer, operands, { ...cotangents, ...none });
    expect(relativeError(dx, expected.dx)).toBeLessThan(2e-5);
    expect(relativeError(dweight_hh, expected.dweight_hh)).toBeLessThan(2e-5);
  });

  // All but the steps at which an output is read have vanishing gradients before them, where the backward pass skips steps.
  const LONG = { batch: 4, time: 600, input: 3, hidden: 5, state: true };
  it.each<Case>([
    { name: 'lstm', cell: 'lstm', ...LONG },
    { name: 'gru over distinct rows', cell: 'gru', ...LONG, rows: 40 },
    { name: 'rnn over a large table', cell: 'rnn', ...LONG, rows: 3000 },
    { name: 'packed gru', cell: 'gru', ...LONG, lengths: [600, 30, 0, 420] },
    {
      name: 'packed rnn over distinct rows, backwards',
      cell: 'rnn',
      ...LONG,
      rows: 40,
      lengths: [590, 3, 301, 9],
      reverse: true,
    },
    { name: 'lstm with a projection', cell: 'lstm', ...LONG, projection: 4 },
  ])('$name: what was read long before the end has its gradient though all later ones have vanished', (layer) => {
    const { operands, cotangents } = draw(layer);
    const width = layer.projection ?? layer.hidden;
    const read = [17, 250];
    const output = cotangents.output.map((d, at) => (read.includes(Math.floor(at / width) % layer.time) ? d : 0));
    const expected = naiveLayer(layer, operands, { ...cotangents, output });
    const found = runLayer(library, layer, operands, { ...cotangents, output });
    for (const name of Object.keys(found) as (keyof typeof found)[]) {
      if (found[name].length === 0) continue;
      expect(relativeError(found[name], expected[name]), name).toBeLessThan(2e-5);
    }
    // Each position has a row of its own there: those of the steps that were skipped.
    if (layer.rows === undefined) expect(found.dx.filter((d) => d === 0).length).toBeGreaterThan(100);
  });

  it.each(CASES.filter(({ time }) => time > 1))(
    '$name: without training it keeps little and gives the same',
    (layer) => {
      const { operands, cotangents } = draw(layer);
      const trained = runLayer(library, layer, operands, cotangents);
      const shape: RecurrentShape = {
        ...sizesOf(layer),
        rows: operands.x.length / layer.input,
        indexed: operands.index !== undefined,
        training: false,
      };
      const pointers = Object.fromEntries(
        Object.entries(operands).map(([name, values]) => [
          name,
          values === undefined ? 0 : copyOf(library, name, values).pointer,
        ]),
      ) as unknown as { x: number; weight_ih: number; weight_hh: number };
      const reserveBytes = library.recurrentReserveBytes(shape);
      expect(reserveBytes).toBeLessThanOrEqual(library.recurrentReserveBytes({ ...shape, training: true }));
      const output = floats(library, trained.output.length);
      const h_n = floats(library, trained.h_n.length);
      library.recurrentForward({
        ...shape,
        ...pointers,
        reserve: floats(library, reserveBytes / 4).pointer,
        scratch: floats(library, library.recurrentScratchBytes(shape) / 4).pointer,
        output: output.pointer,
        h_n: h_n.pointer,
      });
      expect(output.values).toEqual(trained.output);
      expect(h_n.values).toEqual(trained.h_n);
    },
  );
});

function sizesOf({ cell, nonlinearity = 'tanh', batch, time, input, hidden, projection = 0, reverse = false }: Case) {
  return { cell, nonlinearity, batch, time, input, hidden, projection, reverse };
}

function copyOf(library: (typeof LIBRARIES)[number][1], name: string, values: ArrayLike<number>): { pointer: number } {
  const bits = name === 'index' || name === 'lengths' ? Int32Array.from(values) : Float32Array.from(values);
  const copy = floats(library, bits.length);
  new Int32Array(copy.values.buffer, copy.values.byteOffset, bits.length).set(new Int32Array(bits.buffer));
  return copy;
}

function draw(layer: Case) {
  const { batch, time, input, hidden, projection = 0, cell, rows, lengths, state = false, bias = true, name } = layer;
  const width = projection || hidden;
  const G = { lstm: 4, gru: 3, rnn: 1 }[cell] * hidden;
  const scale = 1 / Math.sqrt(hidden);
  const some = (count: number, what: string, size = 1): Float32Array => normals(count, `${name} ${what}`, size);
  const operands: NaiveOperands = {
    x: some((rows ?? batch * time) * input, 'x'),
    index: rows === undefined ? undefined : integers(batch * time, rows, name),
    lengths,
    h0: state ? some(batch * width, 'h0') : undefined,
    c0: state && cell === 'lstm' ? some(batch * hidden, 'c0') : undefined,
    weight_ih: some(G * input, 'weight_ih', scale),
    weight_hh: some(G * width, 'weight_hh', scale),
    bias_ih: bias ? some(G, 'bias_ih', scale) : undefined,
    bias_hh: bias ? some(G, 'bias_hh', scale) : undefined,
    weight_hr: projection ? some(projection * hidden, 'weight_hr', scale) : undefined,
  };
  const cotangents = {
    output: some(batch * time * width, 'd_output'),
    h_n: some(batch * width, 'dh_n'),
    c_n: some(batch * hidden, 'dc_n'),
  };
  return { operands, cotangents };
}
