import { beforeEach, describe, expect, it } from 'vitest';
import { checkCudnn, describeUnfit, layerWithCudnn } from '../../../src/engine/tensorflow/cudnn/choose-layer.js';
import { cudnnLayer } from '../../../src/engine/tensorflow/cudnn/cudnn-layer.js';
import { LAYER_KINDS } from '../../../src/engine/tensorflow/cudnn/self-check.js';
import { unrolledLayer } from '../../../src/model/unrolled-layer.js';
import { tf } from '../../../src/tf.js';
import { relativeError } from '../compare.js';
import { cpuEngine, useEngine } from '../engines.js';
import { type LayerCase, runLayerCase } from '../layer-case.js';
import { type FakeGpu, useFakeGpu } from './fake-backend.js';

const small = { batch: 3, time: 4, input: 3, hidden: 4, rows: null, bias: true, initialState: true } as const;
const both = { ...small, rows: 7, directions: 2 } as const;
const CASES: readonly LayerCase[] = [
  { name: 'an LSTM', cell: 'lstm', ...small, directions: 1 },
  { name: 'a GRU', cell: 'gru', ...small, directions: 1 },
  { name: 'an RNN', cell: 'rnn', ...small, directions: 1 },
  { name: 'a relu RNN', cell: 'rnn', nonlinearity: 'relu', ...small, directions: 1 },
  { name: 'a bidirectional LSTM on indexed rows', cell: 'lstm', ...both },
  { name: 'a bidirectional GRU that starts at zero', cell: 'gru', ...both, initialState: false },
  { name: 'a packed LSTM', cell: 'lstm', ...small, directions: 1, lengths: [2, 4, 1] },
  { name: 'a packed bidirectional LSTM', cell: 'lstm', ...both, lengths: [2, 4, 1] },
  { name: 'a packed bidirectional GRU', cell: 'gru', ...both, lengths: [4, 1, 3] },
  { name: 'a packed bidirectional relu RNN', cell: 'rnn', nonlinearity: 'relu', ...both, lengths: [1, 1, 4] },
  { name: 'a GRU with one bias', cell: 'gru', ...small, directions: 1, bias: 'input' },
  { name: 'a bidirectional LSTM without bias', cell: 'lstm', ...both, bias: false },
  { name: 'an LSTM with a projection', cell: 'lstm', ...small, directions: 1, projection: 2 },
  { name: 'a packed bidirectional LSTM with a projection', cell: 'lstm', ...both, projection: 2, lengths: [3, 4, 2] },
];

describe('the layer by cuDNN, on an emulation of cuDNN', () => {
  let gpu: FakeGpu;
  beforeEach(async () => {
    gpu = await useFakeGpu();
  });

  it.each(CASES.map((layerCase) => [layerCase.name, layerCase] as const))(
    'agrees with the composed reference, values and gradients, for %s',
    async (_name, layerCase) => {
      await useEngine(cpuEngine);
      const expected = runLayerCase(layerCase, unrolledLayer);
      gpu = await useFakeGpu();
      const actual = runLayerCase(layerCase, cudnnLayer);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected)) {
        expect(relativeError(actual[name]!, value), name).toBeLessThan(1e-4);
      }
    },
  );

  it('is one op forwards and one backwards, and reserves nothing where no gradient is wanted', () => {
    runLayerCase(CASES[8]!, cudnnLayer);
    expect(gpu.calls.map(({ name, attributes }) => [name, attributes.is_training])).toEqual([
      ['CudnnRNNV3', true],
      ['CudnnRNNBackpropV3', undefined],
      ['CudnnRNNV3', false],
    ]);
    expect(gpu.calls[0]!.attributes).toEqual({
      rnn_mode: 'gru',
      input_mode: 'linear_input',
      direction: 'bidirectional',
      dropout: 0,
      seed: 0,
      seed2: 0,
      num_proj: 0,
      is_training: true,
      time_major: true,
    });
    // x, h0, c0, the parameters, the lengths.
    const parameters = 2 * (3 * 4 * 3 + 3 * 4 * 4 + 2 * 3 * 4);
    expect(gpu.calls[0]!.shapes).toEqual([[4, 3, 3], [2, 3, 4], [], [parameters], [3]]);
  });

  it('keeps no tensors and no handles', () => {
    runLayerCase(CASES[7]!, cudnnLayer);
    const before = [tf.memory().numTensors, gpu.handles()];
    runLayerCase(CASES[7]!, cudnnLayer);
    expect([tf.memory().numTensors, gpu.handles()]).toEqual(before);
    expect(gpu.handles()).toBe(0);
  });
});

describe('the check of cuDNN', () => {
  it('finds every kind of layer fit where cuDNN computes what it should', async () => {
    await useFakeGpu();
    expect(checkCudnn()).toEqual([]);
  });

  it('finds out that a gate stands in another place, forwards and backwards', async () => {
    const gpu = await useFakeGpu();
    gpu.spoil('CudnnRNNBackpropV3', ([, , , parameters], values) => {
      const buffer = values(parameters!.id) as Float32Array;
      const gate = buffer.slice(0, 12);
      buffer.copyWithin(0, 12, 24);
      buffer.set(gate, 12);
    });
    const unfit = checkCudnn(LAYER_KINDS.filter(({ directions }) => directions === 1));
    expect(unfit.map(({ kind }) => kind)).toContain('packed GRU');
    expect(unfit.find(({ kind }) => kind === 'LSTM')!.reason).toMatch(
      /^the gradient of weight_ih 0 differs by .* from the composed layer's$/,
    );
  });

  it('finds out that a result is not a number', async () => {
    const gpu = await useFakeGpu();
    gpu.spoil('CudnnRNNV3', ([output], values) => {
      (values(output!.id) as Float32Array)[3] = Number.NaN;
    });
    const kinds = LAYER_KINDS.slice(0, 4);
    expect(checkCudnn(kinds)).toHaveLength(4);
  });

  it('says once what keeps every layer from cuDNN', async () => {
    const gpu = await useFakeGpu();
    gpu.spoil('CudnnRNNV3', () => {
      throw new Error('Invalid TF_Status: 13\nMessage: Failed to call ThenRnnForward = CudnnRNNV3[T=DT_FLOAT]\n');
    });
    const warnings = describeUnfit(checkCudnn());
    expect(warnings).toEqual([
      "cuDNN is not used for any layer, which runs by TensorFlow's other ops instead: Failed to call ThenRnnForward",
    ]);
  });

  it('names the kinds of layer that run otherwise', () => {
    const unfit = ['GRU', 'packed GRU'].map((kind) => ({ kind, reason: 'h 0 differs' }));
    expect(describeUnfit(unfit)).toEqual([
      "cuDNN is not used for GRU, packed GRU, which runs by TensorFlow's other ops instead: h 0 differs",
    ]);
  });
});

describe('choosing a layer', () => {
  it('leaves to the other ops what the check found unfit', async () => {
    const gpu = await useFakeGpu();
    const layer = layerWithCudnn([{ kind: 'bidirectional GRU', reason: 'h 0 differs' }]);
    runLayerCase(CASES[1]!, layer);
    expect(gpu.calls.map(({ name }) => name)).toContain('CudnnRNNV3');
    gpu.calls.length = 0;
    // The fake knows cuDNN's ops only.
    expect(() => runLayerCase(CASES[5]!, layer)).toThrow();
    expect(gpu.calls).toEqual([]);
  });

  it('leaves to the other ops sequences without a step, which cuDNN may not know', async () => {
    const gpu = await useFakeGpu();
    expect(() => runLayerCase({ ...CASES[6]!, lengths: [2, 0, 1] }, layerWithCudnn([]))).toThrow();
    expect(gpu.calls).toEqual([]);
  });

  it('asks cuDNN once how many parameters it expects, and does without it where it expects others', async () => {
    const gpu = await useFakeGpu();
    const layer = layerWithCudnn([]);
    const layerCase = { ...CASES[0]!, hidden: 5 };
    runLayerCase(layerCase, layer);
    expect(gpu.calls.filter(({ name }) => name === 'CudnnRNNParamsSize')).toHaveLength(1);
    gpu.spoil('CudnnRNNParamsSize', ([size], values) => {
      (values(size!.id) as Int32Array)[0]! += 1;
    });
    gpu.calls.length = 0;
    expect(() => runLayerCase({ ...layerCase, hidden: 6 }, layer)).toThrow();
    expect(gpu.calls.map(({ name }) => name)).toEqual(['CudnnRNNParamsSize']);
  });
});
