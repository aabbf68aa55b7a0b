import { loadDataset } from '../dist/data/load-dataset.js';
import { resolveConfig } from './resolve-config.js';

const BATCHES = 60;

/**
 * The token batches of a workload, as flat Int32Arrays: `ids` [batches, B, T] and `targets` (labels [batches, B], or
 * next tokens [batches, B, T]).
 */
export async function loadBatches(workload, files) {
  const { batch, time } = workload;
  if (workload.data === 'text') {
    const config = resolveConfig({
      name: 'bench',
      task: 'language-model',
      data: {
        source: { file: files.text },
        format: 'text',
        text: { lowercase: true, replace: [{ pattern: '[^A-Za-z]+', with: ' ' }], lines: { strip: true, join: '' } },
        tokens: 'characters',
        max_tokens: 10000,
        sequence: { length: time },
      },
      model: workload.config.model,
    });
    const { train, vocabulary } = await load(config);
    return {
      ...windows(train.ids, batch, time),
      vocabulary: vocabulary.tokens.length,
      outputs: vocabulary.tokens.length,
    };
  }
  const config = resolveConfig({
    name: 'bench',
    data: {
      source: { file: files.imdb },
      format: 'folders',
      train: { neg: 'aclImdb/train/neg', pos: 'aclImdb/train/pos' },
      split: { train: BATCHES * batch },
      text: { lowercase: true, replace: [{ pattern: '<br />', with: ' ' }] },
      vocabulary: { size: 20000 },
      sequence: { length: time },
    },
    model: workload.config.model,
  });
  const { train, vocabulary } = await load(config);
  return { ids: train.ids, targets: train.labels, count: BATCHES, vocabulary: vocabulary.tokens.length, outputs: 2 };
}

function load(config) {
  return loadDataset(config.data, { task: config.task, seed: 0, working_directory: process.cwd() });
}

/** Sequential windows: row b of every batch goes on where row b of the batch before it ended. */
function windows(text, batch, time) {
  const perRow = Math.floor((text.length - 1) / batch);
  const count = Math.floor(perRow / time);
  const ids = new Int32Array(count * batch * time);
  const targets = new Int32Array(count * batch * time);
  for (let n = 0; n < count; n++) {
    for (let b = 0; b < batch; b++) {
      const from = b * perRow + n * time;
      ids.set(text.subarray(from, from + time), (n * batch + b) * time);
      targets.set(text.subarray(from + 1, from + 1 + time), (n * batch + b) * time);
    }
  }
  return { ids, targets, count };
}
