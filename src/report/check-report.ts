import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** A file that a report would write. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

/** A file that is not what its data gives. */
export interface StaleFile {
  readonly path: string;
  /** The first line that differs, from 1; null when the file cannot be read. */
  readonly line: number | null;
  readonly expected: string;
  readonly found: string;
}

/** The files that differ from what the data gives; none when all are as they would be written now. */
export async function staleFiles(files: readonly ReportFile[]): Promise<readonly StaleFile[]> {
  const stale = await Promise.all(
    files.map(async ({ path, text }): Promise<StaleFile | null> => {
      const found = await readFile(path, 'utf8').catch(() => null);
      if (found === null) return { path, line: null, expected: '', found: '' };
      // A checkout on Windows may have turned the line breaks.
      return found.replaceAll('\r\n', '\n') === text.replaceAll('\r\n', '\n')
        ? null
        : firstDifference(path, text, found);
    }),
  );
  return stale.filter((file) => file !== null);
}

/** `report.md: line 12 should be …`, for people. */
export function staleText({ path, line, expected, found }: StaleFile): string {
  if (line === null) return `${path}: is missing, or cannot be read`;
  const cut = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
  return `${path}: does not match its data; line ${line} of ${basename(path)} is\n  - ${cut(found)}\nand should be\n  + ${cut(expected)}`;
}

function firstDifference(path: string, text: string, foundText: string): StaleFile {
  const [expected, found] = [text.split(/\r?\n/), foundText.split(/\r?\n/)];
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  return { path, line: at + 1, expected: expected[at] ?? '', found: found[at] ?? '' };
}
