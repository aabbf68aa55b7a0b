import { describe, expect, it } from 'vitest';
import { findFusedLayer } from '../../src/engine/ops.js';
import { unrolledLayer } from '../../src/model/unrolled-layer.js';
import { tf } from '../../src/tf.js';
import { relativeError } from './compare.js';
import { cpuEngine, engineLabel, fusedEngines, useEngine } from './engines.js';
import { type LayerCase, runLayerCase } from './layer-case.js';

const odd = { batch: 5, time: 33, input: 19, hidden: 67, rows: null, bias: true, initialState: true } as const;
const indexed = { ...odd, rows: 11, directions: 2 } as const;
const CASES: readonly LayerCase[] = [
  { name: 'an LSTM of odd sizes', cell: 'lstm', ...odd, directions: 1 },
  { name: 'a GRU of odd sizes', cell: 'gru', ...odd, directions: 1 },
  { name: 'an RNN of odd sizes', cell: 'rnn', ...odd, directions: 1 },
  { name: 'a bidirectional LSTM on indexed rows', cell: 'lstm', ...indexed, initialState: false },
  { name: 'a bidirectional GRU on indexed rows', cell: 'gru', ...indexed },
  { name: 'a packed bidirectional LSTM', cell: 'lstm', ...indexed, lengths: [33, 1, 7, 20, 33] },
  { name: 'a packed GRU with one bias', cell: 'gru', ...odd, directions: 1, lengths: [3, 33, 8, 1, 2], bias: 'input' },
  { name: 'a relu RNN without bias', cell: 'rnn', ...odd, directions: 2, nonlinearity: 'relu', time: 6, bias: false },
  { name: 'an LSTM with a projection', cell: 'lstm', ...indexed, time: 9, hidden: 21, projection: 5 },
  { name: 'a wide packed LSTM', cell: 'lstm', ...indexed, lengths: [4, 0, 3, 1, 4], time: 4, hidden: 193 },
  { name: 'one step of one sequence', cell: 'lstm', ...odd, directions: 1, batch: 1, time: 1, input: 1, hidden: 1 },
  { name: 'a batch of 64', cell: 'lstm', ...indexed, directions: 1, batch: 64, time: 3, input: 16, hidden: 32 },
];

const engines = await fusedEngines();

describe.each(engines.map((engine) => [engineLabel(engine), engine] as const))(
  'the fused layer on %s',
  (_label, engine) => {
    it.each(CASES.map((layerCase) => [layerCase.name, layerCase] as const))(
      'agrees with the composed reference, values and gradients, for %s',
      async (_name, layerCase) => {
        await useEngine(cpuEngine);
        const expected = runLayerCase(layerCase, unrolledLayer);
        await useEngine(engine);
        const actual = runLayerCase(layerCase, findFusedLayer()!);
        expect(Object.keys(actual)).toEqual(Object.keys(expected));
        for (const [name, value] of Object.entries(expected)) {
          expect(relativeError(actual[name]!, value), name).toBeLessThan(1e-4);
        }
      },
    );

    it('gives the same bits twice and keeps no tensors', async () => {
      await useEngine(engine);
      const first = runLayerCase(CASES[5]!, findFusedLayer()!);
      const tensors = tf.memory().numTensors;
      const second = runLayerCase(CASES[5]!, findFusedLayer()!);
      expect(second).toEqual(first);
      expect(tf.memory().numTensors).toBe(tensors);
    });
  },
);
