import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';

export interface TableRow {
  readonly fields: readonly string[];
  /** The line where the row ends, from 1; quoted fields may take it over several. */
  readonly line: number;
}

/** Holds rows against the first one of their table. */
export interface RowWidth {
  /** Throws a DataError for a row that has more fields than there are columns. */
  readonly check: (row: TableRow) => void;
  /** Says what was let through. */
  readonly finish: () => void;
}

export interface RowWidthOptions {
  /** The file's name, for messages. */
  readonly name: string;
  readonly config: DataConfig;
  readonly onWarning: (message: string) => void;
}

/**
 * A field too many means a text that was cut at a delimiter of its own. Empty ones behind the last column are what
 * spreadsheets write. A row that is short, or that has something in a column without a name (as where such a table was
 * read and written again), may be sound: it is worth a word.
 */
export function createRowWidth(first: readonly string[], { name, config, onWarning }: RowWidthOptions): RowWidth {
  const columns = config.header ? first.findLastIndex(isFilled) + 1 : first.length;
  const standard = config.header ? 'the header' : 'the first row';
  const short: number[] = [];
  const unnamed: number[] = [];
  const warn = (lines: readonly number[], what: string): void => {
    if (lines.length === 0) return;
    const rows = lines.length === 1 ? '1 row has' : `${lines.length} rows have`;
    onWarning(`${name}: ${rows} ${what} (the first is in line ${lines[0]}).`);
  };
  return {
    check: ({ fields, line }) => {
      if (fields.length < columns) short.push(line);
      if (fields.length <= columns) return;
      const extra = fields.slice(first.length).find(isFilled);
      if (extra !== undefined) {
        const found = JSON.stringify(extra.trim().slice(0, 40));
        throw new DataError(
          `${name}:${line}: the row has ${fields.length} fields, ${standard} ${first.length}; ${found} has no column.`,
          { code: 'DATA_COLUMN', hint: HINTS[config.delimiter] },
        );
      }
      if (fields.slice(columns).some(isFilled)) unnamed.push(line);
    },
    finish: () => {
      warn(short, `fewer fields than ${standard}`);
      warn(unnamed, 'something in a column without a name, which is not read');
    },
  };
}

const HINTS = {
  comma: 'Put a text that holds commas between quotes ("well, really nice"); or is the file for `data.delimiter: tab`?',
  tab: 'Take tabs out of the texts, or put such a text between quotes; or is the file for `data.delimiter: comma`?',
} as const;

function isFilled(field: string): boolean {
  return field.trim() !== '';
}
