import { describe, expect, it } from 'vitest';
import { describeModel } from '../../src/model/describe-model.js';
import { modelConfig } from './example-config.js';

const sizes = { vocabulary: 20001, outputs: 2, every_step: false };

describe('describeModel', () => {
  it('prints a classifier as PyTorch prints its module', () => {
    const config = modelConfig({
      embedding: { dim: 64, pretrained: null, freeze: false, dropout: 0 },
      hidden: 64,
      head: { hidden: [64], activation: 'relu', dropout: 0, outputs: null },
    });
    expect(describeModel(config, sizes).text).toBe(
      `Classifier(
  (embedding): Embedding(20001, 64)
  (rnn): LSTM(64, 64, batch_first=True)
  (fcs): ModuleList(
    (0): Linear(in_features=64, out_features=64, bias=True)
    (1): Linear(in_features=64, out_features=2, bias=True)
  )
  (relu): ReLU()
)`,
    );
  });

  it('prints every setting that differs from PyTorch’s default, in its order', () => {
    const config = modelConfig({
      embedding: { dim: 100, pretrained: null, freeze: true, dropout: 0.5 },
      hidden: 256,
      layers: 2,
      bidirectional: true,
      dropout: 0.5,
      projection: 32,
      bias: false,
      pooling: 'attention',
      head: { hidden: [64, 64, 64], activation: 'gelu', dropout: 0.25, outputs: null },
    });
    expect(describeModel(config, { ...sizes, outputs: 1 }).text).toBe(
      `Classifier(
  (embedding): Embedding(20001, 100)
  (embedding_dropout): Dropout(p=0.5, inplace=False)
  (rnn): LSTM(100, 256, proj_size=32, num_layers=2, bias=False, batch_first=True, dropout=0.5, bidirectional=True)
  (attention): Linear(in_features=64, out_features=1, bias=False)
  (head_dropout): Dropout(p=0.25, inplace=False)
  (fcs): ModuleList(
    (0-2): 3 x Linear(in_features=64, out_features=64, bias=True)
    (3): Linear(in_features=64, out_features=1, bias=True)
  )
  (gelu): GELU(approximate='none')
)`,
    );
  });

  it('prints a language model on one-hot characters without an embedding or an activation', () => {
    const config = modelConfig({ embedding: 'one_hot', cell: 'gru', hidden: 256, pooling: 'attention' });
    expect(describeModel(config, { vocabulary: 28, outputs: 28, every_step: true }).text).toBe(
      `LanguageModel(
  (rnn): GRU(28, 256, batch_first=True)
  (fcs): ModuleList(
    (0): Linear(in_features=256, out_features=28, bias=True)
  )
)`,
    );
  });

  it('counts what PyTorch counts', () => {
    // 20001·64 + 4·64·(64 + 64 + 2) + 64·2 + 2
    const embedding = { dim: 64, pretrained: null, freeze: false, dropout: 0 };
    expect(describeModel(modelConfig({ embedding, hidden: 64 }), sizes)).toMatchObject({
      parameters: 1313474,
      trainable_parameters: 1313474,
    });
    const frozen = modelConfig({ embedding: { ...embedding, freeze: true }, hidden: 64 });
    expect(describeModel(frozen, sizes)).toMatchObject({ parameters: 1313474, trainable_parameters: 33410 });
  });

  it('counts one bias per gate for bias: input and none for false', () => {
    const count = (bias: boolean | 'input') => describeModel(modelConfig({ bias }), sizes).parameters;
    expect(count(true) - count('input')).toBe(16);
    expect(count('input') - count(false)).toBe(16);
  });

  it('refuses a projection outside lstm and a forget bias without a bias', () => {
    expect(() => describeModel(modelConfig({ cell: 'gru', projection: 2 }), sizes)).toThrow(
      'model.projection needs model.cell lstm, found gru',
    );
    const init = { ...modelConfig().init, forget_bias: 1 };
    expect(() => describeModel(modelConfig({ bias: false, init }), sizes)).toThrow(
      'model.init.forget_bias needs a bias, found model.bias: false',
    );
  });
});
