import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { RowCollector } from './row-collector.js';
import { createRowWidth, type RowWidth, type TableRow } from './row-width.js';
import { type Columns, findColumns, otherDelimiter } from './table-columns.js';

export interface TableRequest {
  readonly bytes: Readable;
  /** The file's name, for messages. */
  readonly name: string;
  readonly config: DataConfig;
  readonly rows: RowCollector;
  readonly onWarning: (message: string) => void;
}

/**
 * Reads the rows of a comma- or tab-separated file: quoted fields with line breaks, a byte-order mark and every kind of
 * line end are understood. Throws a DataError with the line of a row that cannot be read.
 */
export async function readCsv(request: TableRequest): Promise<void> {
  const { bytes, name, config, rows } = request;
  const table = createTable(request);
  const limit = config.max_examples ?? Number.POSITIVE_INFINITY;
  /** The last line of the row before: where a quote that swallows the rest of the file opened, at the earliest. */
  let read = 0;
  let parser: Parser | null = null;
  const startParser = (chunk: Buffer): Parser => {
    const parser = parse({
      bom: true,
      delimiter: config.delimiter === 'tab' ? '\t' : ',',
      encoding: config.encoding === 'latin1' ? 'latin1' : 'utf8',
      record_delimiter: lineEnds(chunk),
      relax_column_count: true,
      relax_quotes: config.delimiter === 'tab',
      skip_empty_lines: true,
      on_record: (record: string[], { lines }) => {
        if (rows.count() < limit) table.take({ fields: record, line: lines });
        read = lines;
        return null;
      },
    });
    // An error stays with the parser until the next chunk, and must not end the process before.
    parser.on('error', () => undefined);
    return parser.resume();
  };
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      parser ??= startParser(chunk);
      await write(parser, chunk);
      if (rows.count() >= limit) break;
    }
    if (parser !== null && rows.count() < limit) await end(parser);
  } catch (error) {
    throw error instanceof CsvError ? csvError(error, { name, line: read + 1 }) : error;
  } finally {
    parser?.destroy();
  }
  table.finish();
}

/** Files of several systems are put together, so each row may end in its own way; a lone `\r` only where no row ends in `\n`. */
function lineEnds(chunk: Buffer): string[] {
  return chunk.includes('\n') || !chunk.includes('\r') ? ['\r\n', '\n'] : ['\r'];
}

async function write(parser: Parser, chunk: Buffer): Promise<void> {
  if (!parser.write(chunk)) await once(parser, 'drain');
  if (parser.errored !== null) throw parser.errored;
}

async function end(parser: Parser): Promise<void> {
  parser.end();
  await finished(parser);
}

interface Table {
  readonly take: (row: TableRow) => void;
  readonly finish: () => void;
}

function createTable(request: TableRequest): Table {
  const { name, config, rows } = request;
  let columns = config.header ? null : findColumns(null, name, config);
  let width: RowWidth | null = null;
  return {
    take: (row) => {
      const { fields, line } = row;
      // Spreadsheets write an empty row as nothing but delimiters.
      if (fields.length > 1 && fields.every((field) => field.trim() === '')) return;
      width ??= createRowWidth(fields, request);
      if (columns === null) {
        columns = findColumns(fields, name, config);
        return;
      }
      width.check(row);
      if (config.delimiter === 'tab' && fields.some(holdsRows)) throw swallowed(`${name}:${line}`);
      const text = fields[columns.text];
      const label = fields[columns.label];
      if (text === undefined || label === undefined) throw shortRow(row, columns, request);
      rows.add(text, label, line);
    },
    finish: () => {
      width?.finish();
      if (columns === null) throw new DataError(`${name} is empty; expected a header row.`, { code: 'DATA_EMPTY' });
    },
  };
}

function shortRow({ fields, line }: TableRow, columns: Columns, { name, config }: TableRequest): DataError {
  const needed = Math.max(columns.text, columns.label) + 1;
  return new DataError(`${name}:${line}: the row has ${fields.length} columns, expected at least ${needed}.`, {
    code: 'DATA_COLUMN',
    hint: otherDelimiter(fields, config) ?? 'Is `data.delimiter` right, and is the text quoted where it holds one?',
  });
}

/** Whether a field of a tab-separated file seems to hold whole rows: it has a tab for each of its lines but the first. */
function holdsRows(field: string): boolean {
  const lines = field.split(/\r\n|\n|\r/).slice(1);
  const tabs = field.split('\t').length - 1;
  return lines.length > 0 && tabs >= Math.max(1, lines.filter((line) => line !== '').length);
}

/** Programs that write tabs between fields often quote nothing, and a text that begins with a quote then swallows rows. */
function swallowed(place: string): DataError {
  return new DataError(
    `${place}: the quote that is closed here was opened rows before; expected it closed in its own row.`,
    {
      code: 'DATA_DAMAGED',
      hint: QUOTE_HINT,
    },
  );
}

function csvError(error: CsvError, { name, line }: { readonly name: string; readonly line: number }): DataError {
  const { code, message, lines } = error as CsvError & { readonly lines?: number };
  const damaged = (text: string): DataError =>
    new DataError(text, { code: 'DATA_DAMAGED', hint: QUOTE_HINT, cause: error });
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return damaged(`${name}:${line}: a quote that opens from here on is not closed.`);
  return damaged(`${name}:${lines ?? line}: ${message}`);
}

const QUOTE_HINT = 'A quote within a text is written twice, and the whole text between quotes: "so ""good"" a film".';
