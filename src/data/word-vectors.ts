import { createHash } from 'node:crypto';
import path from 'node:path';
import { DataError } from '../errors.js';
import type { EmbeddingConfig } from '../plan/trial-config.js';
import { cacheSubfolder, dataContext } from './cache-folder.js';
import { refuseChangedInput } from './changed-input.js';
import type { Vocabulary } from './dataset.js';
import { withLock } from './lock.js';
import { memberPath } from './member-path.js';
import type { DataContext, DataContextOptions } from './progress.js';
import { fetchSource, type LocalSource, sourceDigest } from './source.js';
import { openVectorFile, type VectorFile } from './vector-file.js';

export type PretrainedConfig = NonNullable<EmbeddingConfig['pretrained']>;

/** Pretrained vectors of a vocabulary's tokens. */
export interface WordVectors {
  /** [V, dim], row-major; rows of tokens without a vector are zero. */
  readonly table: Float32Array;
  /** [V]: 1 where a token has a vector. */
  readonly found: Uint8Array;
  /** The share of the vocabulary's words (special tokens left out) that have one, from 0 to 1. */
  readonly coverage: number;
}

export interface WordVectorOptions extends DataContextOptions {
  readonly vocabulary: Vocabulary;
  /** Features of a vector: the embedding's `dim`. */
  readonly dim: number;
  /** The sha256 of the source that the trial's hash has; null or absent where it has none. */
  readonly planned_digest?: string | null | undefined;
}

/**
 * Vectors of a vocabulary from GloVe, word2vec or fastText text or from wink's JSON. The file is converted once to a
 * binary in the cache, of which only the rows wanted are read. Tokens are looked up as they are, case included.
 * Throws a DataError when the file cannot be read or its vectors have another dimension.
 */
export async function loadWordVectors(pretrained: PretrainedConfig, options: WordVectorOptions): Promise<WordVectors> {
  const { vocabulary, dim } = options;
  const context = await dataContext(options, 'model.embedding.pretrained.source');
  const source = await fetchSource(pretrained.source, context);
  const vectors = await openConverted(source, pretrained, options.planned_digest, context);
  try {
    if (vectors.dim !== dim) {
      throw new DataError(`\`model.embedding.dim\` is ${dim}; the vectors of ${source.name} have ${vectors.dim}.`, {
        code: 'DATA_VECTORS',
        hint: `Set \`model.embedding.dim: ${vectors.dim}\`, or take vectors of ${dim}.`,
      });
    }
    return await pickRows(vectors, vocabulary, dim);
  } finally {
    await vectors.close();
  }
}

/** Raised when the same bytes would be converted to another file than before. */
const FORMAT_VERSION = 1;

async function openConverted(
  source: LocalSource,
  pretrained: PretrainedConfig,
  planned: string | null | undefined,
  context: DataContext,
): Promise<VectorFile> {
  const member = pretrained.member;
  const selection = { paths: member === null ? [] : [memberPath(member)], match: null };
  const found = await sourceDigest(source, selection, context);
  refuseChangedInput({ setting: context.setting, path: source.path, planned, found });
  const settings = [FORMAT_VERSION, found, pretrained.format, member];
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const file = path.join(await cacheSubfolder(context.cache_directory, 'vectors'), `${key}.bin`);
  const cached = await openCached(file, context);
  if (cached !== null) return cached;
  const lock = {
    signal: context.signal,
    onWait: () => context.onProgress({ stage: 'wait', name: source.name, done: 0, total: null }),
  };
  return withLock(`${file}.lock`, lock, async () => {
    const made = await openCached(file, context);
    if (made !== null) return made;
    const { convertVectors } = await import('./convert-vectors.js');
    await convertVectors({ source, pretrained, file }, context);
    return (await openVectorFile(file))!;
  });
}

async function openCached(file: string, context: DataContext): Promise<VectorFile | null> {
  try {
    return await openVectorFile(file);
  } catch (error) {
    context.onWarning(`The cached vectors ${file} are damaged (${(error as Error).message}); they are made anew.`);
    return null;
  }
}

async function pickRows(vectors: VectorFile, vocabulary: Vocabulary, dim: number): Promise<WordVectors> {
  const { tokens, padding, unknown } = vocabulary;
  const indices = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (index !== padding && index !== unknown) indices.set(token, index);
  });
  const table = new Float32Array(tokens.length * dim);
  const found = new Uint8Array(tokens.length);
  let count = 0;
  for (let row = 0; row < vectors.words.length && count < indices.size; row++) {
    const index = indices.get(vectors.words[row]!);
    if (index === undefined || found[index] === 1) continue;
    await vectors.readRow(row, table.subarray(index * dim, (index + 1) * dim));
    found[index] = 1;
    count++;
  }
  return { table, found, coverage: indices.size === 0 ? 0 : count / indices.size };
}
