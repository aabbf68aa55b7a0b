import type { Readable } from 'node:stream';
import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { ClassificationDataset, ClassificationSplit, Dataset } from './dataset.js';
import { encodeRows } from './encode.js';
import { classIndices, createLabelMap, type LabelMap } from './labels.js';
import { openMember } from './members.js';
import { checkOwnParts, memberOf } from './part-members.js';
import type { DataContext } from './progress.js';
import { PART_NAMES, type PartName, type RawPart, type RawParts } from './raw-part.js';
import { createRowCollector } from './row-collector.js';
import type { LocalSource } from './source.js';
import { splitRows } from './split.js';
import { createTextSteps } from './text-steps.js';
import { createTokenStore, type TokenStore } from './token-store.js';
import { createTokenizer } from './tokenizer.js';
import { buildVocabulary, type IndexedVocabulary, type TokenSpans } from './vocabulary.js';

export interface BuildRequest {
  readonly source: LocalSource;
  readonly source_digest: string;
  /** The data set's own digest. */
  readonly digest: string;
  readonly config: DataConfig;
  readonly task: Dataset['task'];
  readonly seed: number;
}

/** Reads a source and makes its encoded splits: texts → tokens → split → vocabulary of the training split → rows. */
export async function buildDataset(request: BuildRequest, context: DataContext): Promise<Dataset> {
  checkFormat(request);
  if (request.task === 'language-model') {
    const { buildLanguageModelDataset } = await import('./build-language-model.js');
    return buildLanguageModelDataset(request, context);
  }
  const { source, config, seed } = request;
  checkOwnParts(config);
  const store = createTokenStore();
  const clean = createTextSteps(config.text);
  const cut = createTokenizer(config.tokens, store);
  const tokenize = (text: string): void => cut(clean(text));
  const parts =
    config.format === 'folders'
      ? await (await import('./read-folders.js')).readFolders({ source, config, store, tokenize }, context)
      : await readTables({ source, config, store, tokenize }, context);
  for (const part of PART_NAMES) {
    if (parts[part]?.count === 0) {
      throw new DataError(`The ${part} part of ${source.name} has no rows.`, { code: 'DATA_EMPTY' });
    }
  }
  context.onProgress({ stage: 'encode', name: source.name, done: 0, total: null });
  const labels = createLabelMap(config, parts);
  const rows = splitRows(config.split, parts.train.count, seed);
  const ids = store.ids.view();
  const training = rows.train!.slice().sort();
  const vocabulary = buildVocabulary(store.tokens, spansOf(ids, parts.train, training), config.vocabulary);
  const encode = (part: RawPart, chosen: Int32Array): ClassificationSplit =>
    encodeSplit({ part, chosen, ids, labels, vocabulary, sequence: config.sequence });
  const heldOut = (name: 'validation' | 'test'): ClassificationSplit | null => {
    const own = parts[name];
    if (own !== null) return encode(own, everyRow(own));
    const chosen = rows[name];
    return chosen === null ? null : encode(parts.train, chosen);
  };
  return {
    task: 'classification',
    digest: request.digest,
    source_digest: request.source_digest,
    classes: labels.classes,
    vocabulary: vocabulary.vocabulary,
    length: config.sequence.length,
    train: encode(parts.train, rows.train!),
    validation: heldOut('validation'),
    test: heldOut('test'),
  } satisfies ClassificationDataset;
}

function checkFormat({ task, config }: BuildRequest): void {
  if ((task === 'language-model') === (config.format === 'text')) return;
  const message =
    task === 'language-model'
      ? `\`data.format\` is ${config.format}; a language model reads \`format: text\`.`
      : '`data.format` is text, which has no labels; classification reads folders, csv or jsonl.';
  throw new DataError(message, { code: 'DATA_FORMAT' });
}

interface TableSource {
  readonly source: LocalSource;
  readonly config: DataConfig;
  readonly store: TokenStore;
  readonly tokenize: (text: string) => void;
}

async function readTables(request: TableSource, context: DataContext): Promise<RawParts> {
  const { validation, test } = request.config;
  return {
    train: await readTable('train', request, context),
    validation: validation === null ? null : await readTable('validation', request, context),
    test: test === null ? null : await readTable('test', request, context),
  };
}

async function readTable(part: PartName, request: TableSource, context: DataContext): Promise<RawPart> {
  const { source, config, store, tokenize } = request;
  const member = memberOf(part, config);
  const name = member === null ? source.name : `${source.name}/${member}`;
  const bytes: Readable = await openMember(source, { member, setting: `data.${part}` }, context);
  const rows = createRowCollector(store, tokenize, name);
  const table = { bytes, name, config, rows, onWarning: context.onWarning };
  try {
    if (config.format === 'csv') await (await import('./read-csv.js')).readCsv(table);
    else await (await import('./read-jsonl.js')).readJsonl(table);
  } catch (error) {
    // What is to be fetched again is an archive, but a single file of a folder.
    throw (await import('./container.js')).damagedError(source.is_folder ? { ...source, name } : source, error);
  } finally {
    bytes.destroy();
  }
  return rows.finish();
}

interface SplitRequest {
  readonly part: RawPart;
  /** [n]: rows of the part. */
  readonly chosen: Int32Array;
  readonly ids: Int32Array;
  readonly labels: LabelMap;
  readonly vocabulary: IndexedVocabulary;
  readonly sequence: DataConfig['sequence'];
}

function encodeSplit({ part, chosen, ids, labels, vocabulary, sequence }: SplitRequest): ClassificationSplit {
  const classes = classIndices(part, labels);
  return {
    count: chosen.length,
    ...encodeRows(spansOf(ids, part, chosen), vocabulary, sequence),
    labels: chosen.map((row) => classes[row]!),
  };
}

function spansOf(ids: Int32Array, part: RawPart, rows: Int32Array): TokenSpans {
  return { ids, starts: rows.map((row) => part.starts[row]!), ends: rows.map((row) => part.ends[row]!) };
}

function everyRow(part: RawPart): Int32Array {
  return Int32Array.from({ length: part.count }, (_, row) => row);
}
