import type { DataSource, TrialConfig } from '../plan/trial-config.js';
import type { InputDigests } from '../plan/trial-hash.js';
import { dataContext } from './cache-folder.js';
import { refuseChangedInput } from './changed-input.js';
import type { FolderSelection } from './folder-tree.js';
import { selectionOf } from './load-dataset.js';
import { memberPath } from './member-path.js';
import type { DataContextOptions } from './progress.js';
import { fetchSource, sourceDigest } from './source.js';

export interface InputOptions extends DataContextOptions {
  /** The digests that the files must have, where they are known. */
  readonly planned?: InputDigests | undefined;
}

/**
 * The digests of a configuration's files; null for what is no file of this machine. Throws a DataError when a file is
 * not there, or is not what was planned.
 */
export async function inputDigests(config: TrialConfig, { planned, ...options }: InputOptions): Promise<InputDigests> {
  const { embedding } = config.model;
  const pretrained = embedding === 'one_hot' ? null : embedding.pretrained;
  return {
    data: await fileSourceDigest(config.data.source, {
      ...options,
      setting: 'data.source',
      planned: planned?.data,
      of: selectionOf(config.data),
    }),
    vectors:
      pretrained === null
        ? null
        : await fileSourceDigest(pretrained.source, {
            ...options,
            setting: 'model.embedding.pretrained.source',
            planned: planned?.vectors,
            of: { paths: pretrained.member === null ? [] : [memberPath(pretrained.member)], match: null },
          }),
  };
}

interface FileOptions extends DataContextOptions {
  readonly setting: string;
  readonly planned: string | null | undefined;
  readonly of: FolderSelection;
}

async function fileSourceDigest(
  source: DataSource,
  { setting, planned, of, ...options }: FileOptions,
): Promise<string | null> {
  if (!('file' in source)) return null;
  const context = await dataContext(options, setting);
  const file = await fetchSource(source, context);
  const found = await sourceDigest(file, of, context);
  refuseChangedInput({ setting, path: file.path, planned, found });
  return found;
}
