import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DataConfig, Members, Task } from '../plan/trial-config.js';
import { cacheSubfolder, dataContext } from './cache-folder.js';
import { changedAsRead, refuseChangedInput } from './changed-input.js';
import type { Dataset } from './dataset.js';
import { readDataset, writeDataset } from './dataset-file.js';
import type { FolderSelection } from './folder-tree.js';
import { withLock } from './lock.js';
import { memberPath } from './member-path.js';
import type { DataContext, DataContextOptions } from './progress.js';
import { fetchSource, sourceDigest } from './source.js';
import { splitSeed } from './split.js';

export interface LoadDatasetOptions extends DataContextOptions {
  readonly task: Task;
  /** The trial's seed; it matters only where `data.split.seed` is `trial`. */
  readonly seed: number;
  /** The sha256 of the source that the trial's hash has; null or absent where it has none. */
  readonly planned_digest?: string | null | undefined;
}

/**
 * The encoded splits of a pipeline's data, from the cache or else made and cached. Several processes may ask at once:
 * one makes the splits, the others wait for it. Throws a DataError for data that cannot be fetched, read or divided.
 */
export async function loadDataset(config: DataConfig, options: LoadDatasetOptions): Promise<Dataset> {
  const context = await dataContext(options, 'data.source');
  const { source, source_digest, digest, file } = await placeOf(config, options, context);
  const { task, seed } = options;
  const cached = await readCached(file, context);
  if (cached !== null) return cached;
  const lock = {
    signal: context.signal,
    onWait: () => context.onProgress({ stage: 'wait', name: source.name, done: 0, total: null }),
  };
  return withLock(`${file}.lock`, lock, async () => {
    const made = await readCached(file, context);
    if (made !== null) return made;
    const { buildDataset } = await import('./build-dataset.js');
    const dataset = await buildDataset({ source, source_digest, digest, config, task, seed }, context);
    // Changed as it was read, it would be cached under a digest that is not its own.
    const read = await sourceDigest(source, selectionOf(config), context);
    if (read !== source_digest) throw changedAsRead({ setting: context.setting, path: source.path });
    await writeDataset(file, dataset);
    return dataset;
  });
}

/** The encoded splits if they are in the cache, else null; nothing is fetched or encoded for it. */
export async function cachedDataset(config: DataConfig, options: LoadDatasetOptions): Promise<Dataset | null> {
  // What would have to be downloaded is given up at once.
  const signal = 'file' in config.source ? options.signal : AbortSignal.abort();
  const context = await dataContext({ ...options, signal }, 'data.source');
  try {
    return await readCached((await placeOf(config, options, context)).file, context);
  } catch {
    return null;
  }
}

/** Where the source is, and where its splits are cached. */
async function placeOf(config: DataConfig, options: LoadDatasetOptions, context: DataContext) {
  const { task, seed, planned_digest: planned } = options;
  const source = await fetchSource(config.source, context);
  const source_digest = await sourceDigest(source, selectionOf(config), context);
  refuseChangedInput({ setting: context.setting, path: source.path, planned, found: source_digest });
  const digest = datasetDigest({ source_digest, config, task, seed });
  const folder = await cacheSubfolder(context.cache_directory, 'datasets');
  return { source, source_digest, digest, file: path.join(folder, `${digest}.bin`) };
}

/** Raised when the same settings and bytes would give other splits than before. */
const FORMAT_VERSION = 1;

interface DigestInput {
  readonly source_digest: string;
  readonly config: DataConfig;
  readonly task: Task;
  readonly seed: number;
}

/** Settings that only shape batches (packed, bucket, partition, offset) or only name the source are left out. */
function datasetDigest({ source_digest, config, task, seed }: DigestInput): string {
  const { split, sequence, ...rest } = config;
  const settings = {
    version: FORMAT_VERSION,
    source_digest,
    task,
    format: rest.format,
    parts: [rest.train, rest.validation, rest.test].map(orderedEntries),
    reading: readingOf(rest),
    encoding: rest.encoding,
    labels: orderedEntries(rest.labels),
    max_examples: rest.max_examples,
    max_tokens: task === 'language-model' ? rest.max_tokens : null,
    split: split === null ? null : [split.train, split.validation, split.test, split.shuffle],
    split_seed: task === 'classification' && split?.shuffle === true ? splitSeed(split, seed) : null,
    text: rest.text,
    tokens: tokensOf(rest.tokens),
    vocabulary: rest.vocabulary,
    sequence: task === 'classification' ? [sequence.length, sequence.pad, sequence.truncate] : null,
  };
  return createHash('sha256').update(JSON.stringify(settings, sortKeys)).digest('hex');
}

function readingOf({ format, match, columns, header, delimiter }: Omit<DataConfig, 'split' | 'sequence'>): unknown {
  if (format === 'folders') return match;
  if (format === 'csv') return [columns, header, delimiter];
  return format === 'jsonl' ? columns : null;
}

function tokensOf({ type, language, pattern }: DataConfig['tokens']): readonly string[] {
  if (type === 'characters') return [type];
  return language === null ? [type, 'pattern', pattern] : [type, 'language', language];
}

/** A mapping as a list, since the order of labels matters. */
function orderedEntries(value: Members | DataConfig['labels']): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : value;
}

/** The order of an object's keys says nothing. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Which files of a source folder the data is made of. */
export function selectionOf(config: DataConfig): FolderSelection {
  const paths = [config.train, config.validation, config.test].flatMap((members) =>
    members === null ? [] : typeof members === 'string' ? [members] : Object.values(members).flat(),
  );
  return { paths: paths.map(memberPath), match: config.format === 'folders' ? config.match : null };
}

/** A damaged file is as good as none, but worth a word. */
async function readCached(file: string, context: DataContext): Promise<Dataset | null> {
  try {
    return await readDataset(file);
  } catch (error) {
    context.onWarning(`The cached data ${file} is damaged (${(error as Error).message}); it is made anew.`);
    return null;
  }
}
