import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Which files of a folder matter: those under (or at) one of the paths whose name matches. */
export interface FolderSelection {
  /** Relative to the root, with `/`; an empty list means every file. */
  readonly paths: readonly string[];
  /** A regular expression on the file's name, or null for every name. */
  readonly match: string | null;
}

/** Paths (relative, with `/`, sorted by code unit) of the selected files; links to files count, links to folders do not. */
export async function listFolder(root: string, { paths, match }: FolderSelection): Promise<readonly string[]> {
  const pattern = match === null ? null : new RegExp(match, 'u');
  const found = new Set<string>();
  for (const start of paths.length === 0 ? [''] : paths) {
    const kind = await stat(path.join(root, start)).catch(() => null);
    if (kind?.isFile()) found.add(start);
    else if (kind?.isDirectory()) await walk(root, start, pattern, found);
  }
  return [...found].sort();
}

async function walk(root: string, folder: string, pattern: RegExp | null, found: Set<string>): Promise<void> {
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, name, pattern, found);
    else if (pattern === null || pattern.test(entry.name)) {
      const isFile = entry.isFile() || (entry.isSymbolicLink() && (await isLinkToFile(path.join(root, name))));
      if (isFile) found.add(name);
    }
  }
}

async function isLinkToFile(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isFile(),
    () => false,
  );
}
