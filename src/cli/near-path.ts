import { relative } from 'node:path';

/** A path as a user here would write it: from here when it lies below, else the whole path. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
