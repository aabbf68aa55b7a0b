import { readFile } from 'node:fs/promises';

/**
 * The values of a file with one JSON value a line, none when there is no file. Lines that a crash or a full disk tore
 * are dropped: every line is a whole record or nothing.
 */
export async function readLines<Value>(path: string): Promise<readonly Value[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const values: Value[] = [];
  // What follows the last line break was never finished.
  for (const line of text.split('\n').slice(0, -1)) {
    try {
      values.push(JSON.parse(line) as Value);
    } catch {}
  }
  return values;
}
