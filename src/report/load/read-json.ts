import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { ReportError } from '../../errors.js';
import { type Fields, fieldsOf, type Note } from './fields.js';

/**
 * One JSON file of a run folder, or null when it is missing, half-written or no object, which is noted. Throws a
 * ReportError when the file has a schema version that this version of Sweepline does not know.
 */
export async function readJson(
  path: string,
  note: Note,
  options: { readonly optional?: boolean; readonly versions?: readonly number[] } = {},
): Promise<Fields | null> {
  const text = await readText(path, note, options);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    note(text.trim() === '' ? 'is empty' : 'is not JSON (half-written, or edited by hand)');
    return null;
  }
  const fields = fieldsOf(value, '', note);
  if (fields !== null) checkVersion(fields.value('schema'), { path, versions: options.versions ?? [1] }, note);
  return fields;
}

/** For many small files half the time of the one of `node:fs/promises`, which makes a handle for each. */
const readFile = promisify(fs.readFile);

/** A text file of a run folder, or null when it cannot be read, which is noted. */
export async function readText(
  path: string,
  note: Note,
  { optional = false }: { readonly optional?: boolean } = {},
): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') note(`cannot be read: ${message}`);
    else if (!optional) note('is missing');
    return null;
  }
}

function checkVersion(
  version: unknown,
  { path, versions }: { readonly path: string; readonly versions: readonly number[] },
  note: Note,
): void {
  if (versions.includes(version as number)) return;
  if (typeof version === 'number' && version > 0) {
    throw new ReportError(`cannot read ${path}: expected schema version ${versions.join(' or ')}, found ${version}`, {
      code: 'REPORT_SCHEMA_VERSION',
      hint: 'the run was made by another version of Sweepline: make its report with that version',
    });
  }
  note('has no schema version; read as version 1');
}
