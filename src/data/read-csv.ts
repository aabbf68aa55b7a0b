import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Parser, parse } from 'csv-parse';
import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { suggestName } from './nearest-name.js';
import type { RowCollector } from './row-collector.js';

export interface TableRequest {
  readonly bytes: Readable;
  /** The file's name, for messages. */
  readonly name: string;
  readonly config: DataConfig;
  readonly rows: RowCollector;
}

/**
 * Reads the rows of a comma- or tab-separated file: quoted fields with line breaks, a byte-order mark and either line
 * end are understood. Throws a DataError with the line of a row that cannot be read.
 */
export async function readCsv({ bytes, name, config, rows }: TableRequest): Promise<void> {
  let columns = config.header ? null : findColumns(null, name, config);
  const limit = config.max_examples ?? Number.POSITIVE_INFINITY;
  // A record may span lines: what the parser says is its last line.
  const onRecord = (record: string[], line: number): void => {
    if (columns === null) {
      columns = findColumns(record, name, config);
      return;
    }
    if (rows.count() >= limit) return;
    const text = record[columns.text];
    const label = record[columns.label];
    if (text === undefined || label === undefined) throw shortRow(record, columns, `${name}:${line}`);
    rows.add(text, label, line);
  };
  const parser = parse({
    bom: true,
    delimiter: config.delimiter === 'tab' ? '\t' : ',',
    encoding: config.encoding === 'latin1' ? 'latin1' : 'utf8',
    relax_column_count: true,
    relax_quotes: config.delimiter === 'tab',
    skip_empty_lines: true,
    on_record: (record: string[], { lines }) => {
      onRecord(record, lines);
      return null;
    },
  });
  try {
    await feed(bytes, parser, () => rows.count() >= limit);
  } catch (error) {
    throw csvError(error as Error, name);
  }
  if (columns === null) throw new DataError(`${name} is empty; expected a header row.`, { code: 'DATA_EMPTY' });
}

/** Writes the bytes to the parser until there is enough. */
async function feed(bytes: Readable, parser: Parser, isEnough: () => boolean): Promise<void> {
  let failure: Error | null = null;
  parser.on('error', (error) => {
    failure = error;
  });
  parser.resume();
  for await (const chunk of bytes) {
    if (!parser.write(chunk)) await once(parser, 'drain');
    if (failure !== null) throw failure;
    if (isEnough()) {
      parser.destroy();
      return;
    }
  }
  parser.end();
  await finished(parser);
}

interface Columns {
  readonly text: number;
  readonly label: number;
}

function findColumns(header: readonly string[] | null, name: string, config: DataConfig): Columns {
  const find = (key: 'text' | 'label'): number => {
    const wanted = config.columns[key];
    if (typeof wanted === 'number') {
      if (header === null || wanted < header.length) return wanted;
      throw new DataError(`\`data.columns.${key}\` is ${wanted}; ${name} has ${header.length} columns, from 0.`, {
        code: 'DATA_COLUMN',
      });
    }
    if (header === null) {
      throw new DataError(`\`data.columns.${key}\` is "${wanted}", but without a header columns have only numbers.`, {
        code: 'DATA_COLUMN',
        hint: 'Give the number of the column, from 0, or set `data.header: true`.',
      });
    }
    const names = header.map((column) => column.trim());
    const index = names.indexOf(wanted);
    if (index >= 0) return index;
    throw new DataError(`\`data.columns.${key}\`: ${name} has no column "${wanted}".`, {
      code: 'DATA_COLUMN',
      hint: suggestName(wanted, names),
    });
  };
  return { text: find('text'), label: find('label') };
}

function shortRow(record: readonly string[], columns: Columns, place: string): DataError {
  const needed = Math.max(columns.text, columns.label) + 1;
  return new DataError(`${place}: the row has ${record.length} columns, expected at least ${needed}.`, {
    code: 'DATA_COLUMN',
    hint: 'Is `data.delimiter` right, and is the text quoted where it holds one?',
  });
}

function csvError(error: Error & { lines?: number }, name: string): Error {
  // What is not the parser's own comes from the stream, and is told by whoever opened it.
  if (error.lines === undefined) return error;
  return new DataError(`${name}:${error.lines}: ${error.message}`, { code: 'DATA_DAMAGED', cause: error });
}
