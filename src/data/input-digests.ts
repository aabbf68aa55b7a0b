import type { DataSource, TrialConfig } from '../plan/trial-config.js';
import type { InputDigests } from '../plan/trial-hash.js';
import { dataContext } from './cache-folder.js';
import type { FolderSelection } from './folder-tree.js';
import { selectionOf } from './load-dataset.js';
import { memberPath } from './member-path.js';
import type { DataContextOptions } from './progress.js';
import { fetchSource, sourceDigest } from './source.js';

/** The digests of a configuration's files; null for what is no file of this machine. Throws a DataError when a file is not there. */
export async function inputDigests(config: TrialConfig, options: DataContextOptions): Promise<InputDigests> {
  const { embedding } = config.model;
  const pretrained = embedding === 'one_hot' ? null : embedding.pretrained;
  return {
    data: await fileSourceDigest(config.data.source, {
      ...options,
      setting: 'data.source',
      of: selectionOf(config.data),
    }),
    vectors:
      pretrained === null
        ? null
        : await fileSourceDigest(pretrained.source, {
            ...options,
            setting: 'model.embedding.pretrained.source',
            of: { paths: pretrained.member === null ? [] : [memberPath(pretrained.member)], match: null },
          }),
  };
}

async function fileSourceDigest(
  source: DataSource,
  { setting, of, ...options }: DataContextOptions & { readonly setting: string; readonly of: FolderSelection },
): Promise<string | null> {
  if (!('file' in source)) return null;
  const context = await dataContext(options, setting);
  return sourceDigest(await fetchSource(source, context), of, context);
}
