import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KernelLibrary } from '../../../src/engine/kernels/library.js';
import { LIBRARIES, relativeError } from './libraries.js';
import { runLayer } from './run-layer.js';

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface LayerCase {
  readonly kind: string;
  readonly cell: 'lstm' | 'gru' | 'rnn';
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly params: Readonly<Record<string, Tensor>>;
  readonly x: Tensor;
  readonly h0: Tensor;
  readonly c0?: Tensor | null;
  readonly lengths: readonly number[] | null;
  readonly output: Tensor;
  readonly h_n: Tensor;
  readonly c_n?: Tensor | null;
  readonly cotangent_output: Tensor;
  readonly cotangent_h_n: Tensor;
  readonly cotangent_c_n?: Tensor | null;
  readonly grads: Readonly<Record<string, Tensor>>;
}

const FOLDER = new URL('../../fixtures/pytorch/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.startsWith('layer-'));

describe.each(LIBRARIES)('PyTorch layers on %s', (_, library) => {
  it.each(NAMES)('%s: outputs and gradients agree', (name) => {
    const layer = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as LayerCase;
    const found = runStack(library, layer);
    const expected = new Map([
      ['output', layer.output],
      ['h_n', layer.h_n],
      ...(layer.c_n ? [['c_n', layer.c_n] as const] : []),
      ...Object.entries(layer.grads).map(([key, value]) => [`grad ${key}`, value] as const),
    ]);
    for (const [key, value] of expected) {
      expect(relativeError(found.get(key) ?? [], value.data), key).toBeLessThan(1e-4);
    }
  });
});

/** All layers and directions of a case, a single-direction call at a time: forward to count sizes, then both passes. */
function runStack(library: KernelLibrary, layer: LayerCase): Map<string, ArrayLike<number>> {
  const [batch, time] = layer.x.shape as [number, number, number];
  const directions = 'weight_ih_l0_reverse' in layer.params ? 2 : 1;
  const layers = Object.keys(layer.params).filter((key) => /^weight_ih_l\d+$/.test(key)).length;
  const width = layer.h0.shape[2]!;
  const hidden = layer.params.weight_ih_l0!.shape[0]! / { lstm: 4, gru: 3, rnn: 1 }[layer.cell];
  const part = (tensor: Tensor | null | undefined, n: number, size: number): number[] | undefined =>
    tensor ? tensor.data.slice(n * batch * size, (n + 1) * batch * size) : undefined;

  const run = (l: number, d: number, x: ArrayLike<number>, dOutput: ArrayLike<number>) => {
    const n = l * directions + d;
    const suffix = `_l${l}${d === 1 ? '_reverse' : ''}`;
    const parameter = (name: string): readonly number[] | undefined => layer.params[name + suffix]?.data;
    return runLayer(
      library,
      {
        cell: layer.cell,
        nonlinearity: layer.nonlinearity ?? 'tanh',
        batch,
        time,
        input: x.length / batch / time,
        hidden,
        projection: width === hidden ? 0 : width,
        reverse: d === 1,
      },
      {
        x,
        lengths: layer.lengths ?? undefined,
        h0: part(layer.h0, n, width),
        c0: part(layer.c0, n, hidden),
        weight_ih: parameter('weight_ih')!,
        weight_hh: parameter('weight_hh')!,
        bias_ih: parameter('bias_ih'),
        bias_hh: parameter('bias_hh'),
        weight_hr: parameter('weight_hr'),
      },
      {
        output: dOutput,
        h_n: part(layer.cotangent_h_n, n, width)!,
        c_n: part(layer.cotangent_c_n, n, hidden) ?? [],
      },
    );
  };

  const rows = batch * time;
  const found = new Map<string, ArrayLike<number>>();
  const inputs: ArrayLike<number>[] = [layer.x.data];
  const zeros = new Float32Array(rows * width);
  for (let l = 0; l < layers; l++) {
    inputs.push(
      join(
        [0, 1].slice(0, directions).map((d) => run(l, d, inputs[l]!, zeros).output),
        rows,
      ),
    );
  }
  found.set('output', inputs[layers]!);
  const states = { h_n: [] as number[], c_n: [] as number[], h0: [] as number[], c0: [] as number[] };
  let dOutput: ArrayLike<number> = layer.cotangent_output.data;
  for (let l = layers - 1; l >= 0; l--) {
    const results = [0, 1].slice(0, directions).map((d) => run(l, d, inputs[l]!, split(dOutput, rows, directions, d)));
    const collect = (into: number[], key: 'h_n' | 'c_n' | 'dh0' | 'dc0'): void => {
      into.unshift(...results.flatMap((result) => [...result[key]]));
    };
    collect(states.h_n, 'h_n');
    collect(states.c_n, 'c_n');
    collect(states.h0, 'dh0');
    collect(states.c0, 'dc0');
    results.forEach((result, d) => {
      for (const name of ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'] as const) {
        found.set(`grad ${name}_l${l}${d === 1 ? '_reverse' : ''}`, result[`d${name}`]);
      }
    });
    dOutput = results[0]!.dx.map((value, n) => value + (results[1]?.dx[n] ?? 0));
  }
  return found
    .set('h_n', states.h_n)
    .set('c_n', states.c_n)
    .set('grad h0', states.h0)
    .set('grad c0', states.c0)
    .set('grad x', dOutput);
}

/** [rows, width] per direction → [rows, directions · width]. */
function join(parts: readonly ArrayLike<number>[], rows: number): Float32Array {
  const width = parts[0]!.length / rows;
  const out = new Float32Array(rows * width * parts.length);
  parts.forEach((values, d) => {
    for (let n = 0; n < values.length; n++) {
      out[(Math.floor(n / width) * parts.length + d) * width + (n % width)] = values[n]!;
    }
  });
  return out;
}

function split(values: ArrayLike<number>, rows: number, directions: number, d: number): Float32Array {
  const width = values.length / rows / directions;
  return Float32Array.from({ length: rows * width }, (_, n) => {
    return values[(Math.floor(n / width) * directions + d) * width + (n % width)]!;
  });
}
