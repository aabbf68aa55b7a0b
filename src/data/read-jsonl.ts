import type { Readable } from 'node:stream';
import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import { readLines } from './lines.js';
import { suggestName } from './nearest-name.js';
import type { TableRequest } from './read-csv.js';

/** Reads one JSON object (or array) per line; empty lines are passed over. A DataError names the line of a bad one. */
export async function readJsonl({ bytes, name, config, rows }: TableRequest): Promise<void> {
  let line = 0;
  for await (const text of readLines(bytes as Readable, config.encoding)) {
    line++;
    if (text.trim() === '') continue;
    if (rows.count() >= (config.max_examples ?? Number.POSITIVE_INFINITY)) break;
    const place = `${name}:${line}`;
    const record = parseRecord(text, place);
    rows.add(field(record, 'text', config, place), field(record, 'label', config, place), line);
  }
}

type JsonRecord = Readonly<Record<string, unknown>>;

function parseRecord(text: string, place: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(`${place} is not JSON: ${(cause as Error).message}`, { code: 'DATA_DAMAGED', cause });
  }
  if (typeof value === 'object' && value !== null) return value as JsonRecord;
  throw new DataError(`${place}: expected a JSON object, found ${text.slice(0, 40)}.`, { code: 'DATA_FORMAT' });
}

function field(record: JsonRecord, key: 'text' | 'label', config: DataConfig, place: string): string {
  const column = String(config.columns[key]);
  const value = Object.hasOwn(record, column) ? record[column] : undefined;
  if (typeof value === 'string') return value;
  if (key === 'label' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (value === undefined) {
    throw new DataError(`${place} has no key "${column}" (\`data.columns.${key}\`).`, {
      code: 'DATA_COLUMN',
      hint: suggestName(column, Object.keys(record)),
    });
  }
  const expected = key === 'text' ? 'a string' : 'a string, a number or true or false';
  throw new DataError(`${place}: "${column}" is ${JSON.stringify(value).slice(0, 40)}; expected ${expected}.`, {
    code: 'DATA_COLUMN',
  });
}
