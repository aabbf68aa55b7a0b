import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ClassificationDataset, LanguageModelDataset, Vocabulary } from '../../src/data/dataset.js';
import { type LoadDatasetOptions, loadDataset } from '../../src/data/load-dataset.js';
import type { DataConfig } from '../../src/plan/trial-config.js';

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sweepline-data-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The defaults of the pipeline's language, over which a test sets what it is about. */
export function dataConfig(changes: Partial<DataConfig> & Pick<DataConfig, 'source' | 'format'>): DataConfig {
  return {
    train: null,
    validation: null,
    test: null,
    match: '\\.txt$',
    columns: { text: 'text', label: 'label' },
    header: true,
    delimiter: 'comma',
    encoding: 'utf-8',
    labels: null,
    max_examples: null,
    max_tokens: null,
    split: null,
    text: { lowercase: false, replace: [], lines: null },
    tokens: { type: 'words', pattern: "[\\p{L}\\p{N}']+", language: null },
    vocabulary: { size: null, min_count: 1, unknown: 'index', padding: true },
    sequence: sequence({}),
    ...changes,
  };
}

export function sequence(changes: Partial<DataConfig['sequence']>): DataConfig['sequence'] {
  return {
    length: 4,
    pad: 'end',
    truncate: 'end',
    packed: false,
    bucket: false,
    partition: 'sequential',
    random_offset: true,
    ...changes,
  };
}

type LoadChanges = Partial<LoadDatasetOptions>;

/** Loads labelled texts with `folder` as working directory and its `cache` as cache. */
export async function loadTexts(
  folder: string,
  config: DataConfig,
  changes: LoadChanges = {},
): Promise<ClassificationDataset> {
  return (await loadDataset(config, options(folder, 'classification', changes))) as ClassificationDataset;
}

/** Loads a running text likewise. */
export async function loadStream(
  folder: string,
  config: DataConfig,
  changes: LoadChanges = {},
): Promise<LanguageModelDataset> {
  return (await loadDataset(config, options(folder, 'language-model', changes))) as LanguageModelDataset;
}

function options(folder: string, task: LoadDatasetOptions['task'], changes: LoadChanges): LoadDatasetOptions {
  return { task, seed: 0, working_directory: folder, cache_directory: path.join(folder, 'cache'), ...changes };
}

/** Rows of a split as words, padding included. */
export function readable(
  split: { readonly count: number; readonly ids: Int32Array },
  { tokens }: Vocabulary,
): string[] {
  const time = split.ids.length / split.count;
  return Array.from({ length: split.count }, (_, row) =>
    Array.from(split.ids.subarray(row * time, (row + 1) * time), (id) => tokens[id]).join(' '),
  );
}
