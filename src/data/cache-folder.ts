import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '../errors.js';
import type { DataContext, DataContextOptions } from './progress.js';

/** Fills in what a caller left out; the cache is `cache_directory`, else `SWEEPLINE_CACHE`, else the user's cache folder. */
export async function dataContext(options: DataContextOptions, setting: string): Promise<DataContext> {
  return {
    working_directory: options.working_directory,
    cache_directory: options.cache_directory ?? (await defaultCacheDirectory()),
    setting,
    onProgress: options.onProgress ?? (() => undefined),
    onWarning: options.onWarning ?? (() => undefined),
    signal: options.signal,
  };
}

/** Where data is cached unless a caller says otherwise: `SWEEPLINE_CACHE`, else the user's cache folder. */
export async function defaultCacheDirectory(): Promise<string> {
  const asked = process.env.SWEEPLINE_CACHE;
  if (asked !== undefined && asked !== '') return path.resolve(asked);
  const { default: envPaths } = await import('env-paths');
  return envPaths('sweepline', { suffix: '' }).cache;
}

/** Makes a folder of the cache and returns its path; a DataError says so when the cache cannot be written. */
export async function cacheSubfolder(cacheDirectory: string, name: string): Promise<string> {
  const folder = path.join(cacheDirectory, name);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw cacheError(folder, error);
  }
  return folder;
}

/** Writes the pieces one after another to a file beside `target`, syncs it and renames it: readers see all or nothing. */
export async function writeWhole(target: string, pieces: readonly Uint8Array[]): Promise<void> {
  const aside = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(aside, 'w');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw cacheError(target, error);
  }
}

/** Says that the cache cannot be written, where and why. */
export function cacheError(place: string, cause: unknown): DataError {
  return new DataError(`The data cache cannot be written: ${place}: ${(cause as Error).message}`, {
    code: 'DATA_CACHE',
    hint: 'Set SWEEPLINE_CACHE to a folder that can be written and has room.',
    cause,
  });
}
