import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../errors.js';
import type { DataSource } from '../plan/trial-config.js';
import { fileDigest, rememberedDigest } from './file-digest.js';
import { type FolderSelection, forEachFile, listFolder } from './folder-tree.js';
import { suggestName } from './nearest-name.js';
import type { DataContext } from './progress.js';

/** A source's bytes on this machine. */
export interface LocalSource {
  readonly path: string;
  /** As the user knows it, for messages. */
  readonly name: string;
  readonly is_folder: boolean;
  /** True for what npm packed; a copy of such a tarball is told by its content. */
  readonly is_package?: boolean;
}

/** Brings a source to this machine (downloads are kept in the cache and checked) and says where it is. */
export async function fetchSource(source: DataSource, context: DataContext): Promise<LocalSource> {
  if ('file' in source) return findFile(source.file, context);
  if ('url' in source) {
    const { downloadFile } = await import('./download.js');
    return { path: await downloadFile(source, context), name: source.url, is_folder: false };
  }
  const { packPackage } = await import('./npm-package.js');
  return { path: await packPackage(source, context), name: `npm:${source.npm}`, is_folder: false, is_package: true };
}

/** The sha256 of a source's bytes: of the file, or of the names and contents of a folder's selected files. */
export async function sourceDigest(
  source: LocalSource,
  selection: FolderSelection,
  context: DataContext,
): Promise<string> {
  if (!source.is_folder) return fileDigest(source.path, 'sha256', context);
  return folderDigest(source.path, selection, context);
}

async function folderDigest(folder: string, selection: FolderSelection, context: DataContext): Promise<string> {
  const names = listFolder(folder, selection);
  const fingerprint = createHash('sha256');
  let newest = 0;
  for (const name of names) {
    const { size, mtimeMs, ino } = statSync(path.join(folder, name));
    newest = Math.max(newest, mtimeMs);
    fingerprint.update(`${name}\0${size} ${mtimeMs} ${ino}\n`);
  }
  const memory = {
    name: `folder ${path.resolve(folder)} ${JSON.stringify(selection)}`,
    fingerprint: fingerprint.digest('hex'),
    newest,
  };
  return rememberedDigest(memory, context, async () => {
    const hash = createHash('sha256');
    await forEachFile(names, context.signal, (name) => {
      const bytes = readFileSync(path.join(folder, name));
      hash.update(`${name}\0${bytes.length}\n`).update(bytes);
    });
    return hash.digest('hex');
  });
}

async function findFile(file: string, context: DataContext): Promise<LocalSource> {
  const found = path.resolve(context.working_directory, file);
  try {
    return { path: found, name: file, is_folder: (await stat(found)).isDirectory() };
  } catch (cause) {
    const { readdir } = await import('node:fs/promises');
    const beside = await readdir(path.dirname(found)).catch(() => []);
    const hint = suggestName(path.basename(found), beside);
    throw new DataError(`\`${context.setting}.file\`: there is no ${found}.`, {
      code: 'DATA_NOT_FOUND',
      hint: hint ?? `A relative path starts at ${context.working_directory}.`,
      cause,
    });
  }
}
