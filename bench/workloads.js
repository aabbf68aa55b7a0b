/**
 * What is timed: one training step (forward, backward, clipping, update) on real token batches, one thread.
 * `peer` is what the PyTorch worker builds from the same settings.
 */
const imdb = (name, model, batch = 64) => ({
  name,
  data: 'imdb',
  batch,
  time: 200,
  config: {
    task: 'classification',
    model: { embedding: { dim: 64 }, hidden: 64, head: { hidden: [64] }, pooling: 'last', ...model },
    optimizer: { type: 'adam', lr: 0.001 },
    train: { batch_size: batch },
  },
});

export const WORKLOADS = [
  imdb('IMDB LSTM 64', { cell: 'lstm' }),
  imdb('IMDB LSTM 128', { cell: 'lstm', hidden: 128, embedding: { dim: 128 }, head: { hidden: [128] } }),
  imdb('IMDB LSTM 256', { cell: 'lstm', hidden: 256, embedding: { dim: 256 }, head: { hidden: [256] } }),
  imdb('IMDB GRU 64', { cell: 'gru' }),
  imdb('IMDB RNN 64', { cell: 'rnn' }),
  imdb('IMDB LSTM 64, max pooling', { cell: 'lstm', pooling: 'max' }),
  imdb('IMDB 2-layer bidirectional LSTM 128', {
    cell: 'lstm',
    hidden: 128,
    embedding: { dim: 128 },
    layers: 2,
    bidirectional: true,
    pooling: 'hidden',
    head: { hidden: [] },
  }),
  {
    name: 'Time Machine LSTM 256',
    data: 'text',
    batch: 32,
    time: 35,
    config: {
      task: 'language-model',
      model: { embedding: 'one_hot', cell: 'lstm', hidden: 256 },
      optimizer: { type: 'sgd', lr: 1 },
      train: { batch_size: 32, clip_norm: 1 },
    },
  },
];
