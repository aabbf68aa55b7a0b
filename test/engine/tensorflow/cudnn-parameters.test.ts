import { describe, expect, it } from 'vitest';
import type { TensorflowBackend } from '../../../src/engine/tensorflow/backend.js';
import {
  type CudnnSizes,
  packParameters,
  parameterBlocks,
  parameterCount,
  unpackParameters,
} from '../../../src/engine/tensorflow/cudnn/parameters.js';
import { matrices } from '../../../src/engine/tensorflow/kernels/matrices.js';
import { type Handle, withOps } from '../../../src/engine/tensorflow/kernels/ops.js';
import { tf } from '../../../src/tf.js';
import { noise, values } from '../compare.js';
import { regions } from './cudnn-emulator.js';
import { useFakeGpu } from './fake-backend.js';

const [input, hidden] = [3, 4];
const KINDS = (['lstm', 'gru', 'rnn'] as const).flatMap((cell) =>
  [1, 2].flatMap((directions) => [
    { cell, directions, input, hidden, projection: null },
    ...(cell === 'lstm' ? [{ cell, directions, input, hidden, projection: 2 }] : []),
  ]),
);

describe.each(KINDS.map((sizes) => [JSON.stringify(sizes), sizes] as const))(
  "cuDNN's buffer for %s",
  (_name, sizes) => {
    it('holds every gate where cuDNN looks for it', async () => {
      await useFakeGpu();
      const weights = draw(sizes);
      const buffer = pack(sizes, weights);
      const { matrices: where, biases, size } = places(sizes);
      expect(buffer.length).toBe(size);
      expect(parameterCount(sizes)).toBe(size);
      const gates = { lstm: 4, gru: 3, rnn: 1 }[sizes.cell];
      for (let d = 0; d < sizes.directions; d++) {
        const own = weights[d]!;
        for (let gate = 0; gate < gates; gate++) {
          const rows = (name: 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh'): number[] => {
            const all = values(own[name]);
            const each = all.length / gates;
            return [...all.slice(gate * each, (gate + 1) * each)];
          };
          const at = ({ offset, size }: { offset: number; size: number }): number[] => [
            ...buffer.slice(offset, offset + size),
          ];
          expect(at(where[d]![gate]!)).toEqual(rows('weight_ih'));
          expect(at(where[d]![gates + gate]!)).toEqual(rows('weight_hh'));
          expect(at(biases[d]![gate]!)).toEqual(rows('bias_ih'));
          expect(at(biases[d]![gates + gate]!)).toEqual(rows('bias_hh'));
        }
        if (own.weight_hr !== null) {
          const { offset, size } = where[d]!.at(-1)!;
          expect(buffer.slice(offset, offset + size)).toEqual(values(own.weight_hr));
        }
      }
    });

    it('gives back what was put into it', async () => {
      await useFakeGpu();
      const weights = draw(sizes);
      const unpacked = withOps((ops) => {
        const m = matrices(ops);
        const handles = weights.map((own) =>
          mapValues(own, (tensor: tf.Tensor | null) => (tensor === null ? null : ops.of(tensor))),
        );
        const buffer = packParameters(m, handles as never, sizes);
        return unpackParameters(ops, m, buffer, sizes).map((own) =>
          mapValues(own, (handle: Handle | null) => (handle === null ? null : ops.keep(handle))),
        );
      });
      weights.forEach((own, d) => {
        for (const [name, tensor] of Object.entries(own)) {
          const back = unpacked[d]![name as keyof typeof own];
          expect(back?.shape, name).toEqual(tensor?.shape);
          if (tensor !== null) expect(values(back!), name).toEqual(values(tensor));
        }
      });
    });
  },
);

it('holds zeros in the place of biases that a layer does not have', async () => {
  await useFakeGpu();
  const sizes = KINDS[0]!;
  const weights = draw(sizes).map((own) => ({ ...own, bias_hh: null }));
  const bias = 4 * hidden;
  expect([...pack(sizes, weights).slice(-bias)]).toEqual(new Array(bias).fill(0));
});

interface Weights {
  readonly weight_ih: tf.Tensor;
  readonly weight_hh: tf.Tensor;
  readonly weight_hr: tf.Tensor | null;
  readonly bias_ih: tf.Tensor;
  readonly bias_hh: tf.Tensor | null;
}

function draw(sizes: CudnnSizes) {
  const find = (direction: number, name: string): tf.Tensor | null => {
    const block = parameterBlocks(sizes).find((other) => other.direction === direction && other.name === name);
    return block === undefined ? null : noise([...block.shape], `${name} ${direction}`);
  };
  return Array.from({ length: sizes.directions }, (_, d) => ({
    weight_ih: find(d, 'weight_ih')!,
    weight_hh: find(d, 'weight_hh')!,
    weight_hr: find(d, 'weight_hr'),
    bias_ih: find(d, 'bias_ih')!,
    bias_hh: find(d, 'bias_hh')!,
  }));
}

function pack(sizes: CudnnSizes, weights: readonly Weights[]): Float32Array {
  return withOps((ops) => {
    const handles = weights.map((own) =>
      mapValues(own, (tensor: tf.Tensor | null) => (tensor === null ? null : ops.of(tensor))),
    );
    const { binding } = tf.backend() as unknown as TensorflowBackend;
    return binding.tensorDataSync(packParameters(matrices(ops), handles as never, sizes).id);
  });
}

function places({ cell, directions, projection }: CudnnSizes) {
  return regions({
    mode: cell === 'rnn' ? 'rnn_tanh' : cell,
    directions: directions as 1 | 2,
    projection,
    input,
    hidden,
    time: 1,
    batch: 1,
    lengths: [1],
  });
}

function mapValues<T, R>(of: object, change: (value: T) => R): Record<keyof Weights, R> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value as T)])) as Record<
    keyof Weights,
    R
  >;
}
