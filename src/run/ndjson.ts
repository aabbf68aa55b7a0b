import { readFile } from 'node:fs/promises';

/**
 * The records of a file with one JSON object a line, none when there is no file. Lines that a crash or a full disk tore
 * are dropped, and so are those that are no records: every line is a whole record or nothing.
 */
export async function readLines<Value extends object>(
  path: string,
  isRecord: (value: object) => boolean = () => true,
): Promise<readonly Value[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // What follows the last line break was never finished.
  return recordsOf<Value>(text.split('\n').slice(0, -1), isRecord);
}

/** The records of whole lines. */
export function recordsOf<Value extends object>(
  lines: readonly string[],
  isRecord: (value: object) => boolean,
): readonly Value[] {
  const records: Value[] = [];
  for (const line of lines) {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null && isRecord(value)) records.push(value as Value);
    } catch {}
  }
  return records;
}
