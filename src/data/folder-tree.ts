import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

/** Which files of a folder matter: those under (or at) one of the paths whose name matches. */
export interface FolderSelection {
  /** Relative to the root, with `/`; an empty list means every file. */
  readonly paths: readonly string[];
  /** A regular expression on the file's name, or null for every name. */
  readonly match: string | null;
}

/**
 * Paths (relative, with `/`, sorted by code unit) of the selected files; links to files count, links to folders do
 * not. Synchronous calls: for tens of thousands of small files they take a tenth of the time of promises.
 */
export function listFolder(root: string, { paths, match }: FolderSelection): readonly string[] {
  const pattern = match === null ? null : new RegExp(match, 'u');
  const found = new Set<string>();
  for (const start of paths.length === 0 ? [''] : paths) {
    const kind = statSync(path.join(root, start), { throwIfNoEntry: false });
    if (kind?.isFile()) found.add(start);
    else if (kind?.isDirectory()) walk(root, start, pattern, found);
  }
  return [...found].sort();
}

/** Calls `visit` for every item, letting timers and signals through now and then. */
export async function forEachFile<T>(
  files: readonly T[],
  signal: AbortSignal | undefined,
  visit: (file: T) => void,
): Promise<void> {
  for (let i = 0; i < files.length; i++) {
    if (i % FILES_A_TURN === 0) {
      await breathe();
      signal?.throwIfAborted();
    }
    visit(files[i]!);
  }
}

const FILES_A_TURN = 256;

function walk(root: string, folder: string, pattern: RegExp | null, found: Set<string>): void {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, name, pattern, found);
    else if (pattern === null || pattern.test(entry.name)) {
      if (entry.isFile() || (entry.isSymbolicLink() && isLinkToFile(path.join(root, name)))) found.add(name);
    }
  }
}

function isLinkToFile(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isFile() ?? false;
}
