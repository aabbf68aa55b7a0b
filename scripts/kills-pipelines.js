import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Two small runs that between them keep everything that a checkpoint must: best weights, dropout, a carried state. */
export const PIPELINES = [
  {
    name: 'moods',
    text: `name: moods
data:
  source: { file: moods.csv }
  format: csv
  split: { train: 480, validation: 60, test: 60 }
  sequence: { length: 24 }
model:
  embedding: { dim: 16, dropout: 0.1 }
  cell: lstm
  hidden: 16
  layers: 2
  dropout: 0.2
  initial_state: normal
  pooling: max
optimizer: { type: adam, lr: 0.01 }
train:
  epochs: 12
  batch_size: 16
  accumulate: 2
  early_stopping: { metric: validation.loss, patience: 30, restore_best: true }
metrics: [accuracy, f1]
sweep:
  seeds: 2
  grid: { model.cell: [lstm, gru] }
`,
  },
  {
    name: 'tale',
    text: `name: tale
task: language-model
data:
  source: { file: tale.txt }
  format: text
  split: { train: 0.9, test: 0.1 }
  tokens: characters
  sequence: { length: 16, partition: sequential }
model:
  embedding: one_hot
  cell: gru
  hidden: 32
optimizer: { type: sgd, lr: 1 }
train: { epochs: 10, batch_size: 8, clip_norm: 1, carry_state: true }
metrics: [perplexity]
generate: { prefixes: ['the '], length: 20 }
sweep:
  seeds: 3
`,
  },
];

/** Writes the data of both: always the same. */
export function writeData(folder) {
  const neutral = ['film', 'plot', 'actor', 'scene', 'music', 'story', 'end', 'camera'];
  const words = { good: ['good', 'fine', 'great'], bad: ['bad', 'dull', 'poor'] };
  let state = 7;
  const below = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % n;
  };
  const pick = (list) => list[below(list.length)];
  const rows = Array.from({ length: 600 }, () => {
    const label = below(2) === 0 ? 'good' : 'bad';
    const text = Array.from({ length: 24 }, () => (below(6) === 0 ? pick(words[label]) : pick(neutral)));
    return `${text.join(' ')},${label}`;
  });
  writeFileSync(path.join(folder, 'moods.csv'), `text,label\n${rows.join('\n')}\n`);
  const tale = Array.from({ length: 1500 }, () => `the ${pick(neutral)} was ${pick(words.good)}`);
  writeFileSync(path.join(folder, 'tale.txt'), `${tale.join(' and ')}\n`);
}
