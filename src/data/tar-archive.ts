import { Readable } from 'node:stream';
import type { ReadEntry } from 'tar';
import { Parser } from 'tar';
import { DataError } from '../errors.js';
import { isOddMember, memberPath, PACKAGE_FOLDER } from './member-path.js';

/** What of a tar archive is read, and under which names. */
export interface TarRequest {
  readonly bytes: Readable;
  /** A member's path as pipelines write it. */
  readonly pathOf: (path: string) => string;
}

/**
 * Streams a tar archive once. `wants` sees every file's path; those it wants are handed to `onMember` whole, one
 * after another. Links, devices and folders are passed over; nothing is ever written.
 */
export async function readTar(
  request: TarRequest,
  wants: (member: string) => boolean,
  onMember: (member: string, content: Buffer) => void,
): Promise<void> {
  await parseTar(request, (member, entry) => {
    if (!wants(member)) return entry.resume();
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    entry.on('end', () => onMember(member, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  });
}

export interface TarSearch {
  /** The archive's name, for messages. */
  readonly name: string;
  readonly wanted: string;
  /** Takes the names of all members. */
  readonly seen: Set<string>;
}

/**
 * The content of one member of a tar archive as a stream, or null. As in tar, a later member of the same name replaces
 * the earlier one, so the archive is read to its end, and the member held in memory meanwhile. One too large for that is
 * streamed at once, which spares a second pass; a later one of its name is then an error of the stream.
 */
export function openTarMember(request: TarRequest, { name, wanted, seen }: TarSearch): Promise<Readable | null> {
  return new Promise((resolve, reject) => {
    let held: readonly Buffer[] | null = null;
    let streamed: Readable | null = null;
    const end = parseTar(request, (member, entry) => {
      seen.add(member);
      if (member !== wanted) return entry.resume();
      if (streamed !== null) {
        streamed.destroy(twiceError(name, wanted));
        return entry.resume();
      }
      if (entry.size <= HELD_BYTES) {
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        held = chunks;
        return;
      }
      held = null;
      const stream = Readable.from(contentUntil(entry, end), { objectMode: false });
      stream.once('close', () => {
        entry.resume();
        request.bytes.destroy();
      });
      streamed = stream;
      resolve(stream);
    });
    end.then(
      () => resolve(held === null ? null : Readable.from(held, { objectMode: false })),
      (error: Error) => {
        streamed?.destroy(error);
        reject(error);
      },
    );
  });
}

/** The most of a member that is held in memory. */
const HELD_BYTES = 1 << 26;

function twiceError(name: string, member: string): DataError {
  return new DataError(`${name} holds two files "${member}", the earlier one larger than ${HELD_BYTES >> 20} MiB.`, {
    code: 'DATA_FORMAT',
    hint: 'Pack the archive anew with the one that is meant.',
  });
}

/** Ends not before the archive does. */
async function* contentUntil(entry: ReadEntry, end: Promise<void>): AsyncGenerator<Buffer> {
  yield* entry as AsyncIterable<Buffer>;
  await end;
}

/** True when all members lie in npm's folder and its package.json is among them; the first that says no ends it. */
export function isPackageTar(bytes: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const decide = (is: boolean): void => {
      resolve(is);
      bytes.destroy();
    };
    parseTar({ bytes, pathOf: memberPath }, (member, entry) => {
      entry.resume();
      if (!member.startsWith(PACKAGE_FOLDER)) decide(false);
      else if (member === `${PACKAGE_FOLDER}package.json`) decide(true);
    }).then(() => resolve(false), reject);
  });
}

function parseTar({ bytes, pathOf }: TarRequest, onEntry: (member: string, entry: ReadEntry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const parser = new Parser({
      // Text compresses well; the ratio says nothing about danger when nothing is unpacked.
      maxDecompressionRatio: Number.POSITIVE_INFINITY,
      onReadEntry: (entry) => {
        const member = pathOf(entry.path);
        if (!FILE_TYPES.has(entry.type) || isOddMember(member)) entry.resume();
        else onEntry(member, entry);
      },
    });
    const fail = (error: Error): void => {
      bytes.destroy();
      reject(error);
    };
    parser.on('end', () => resolve());
    // Of what the parser finds odd only damage matters: a member of an unknown type is no text.
    parser.on('warn', (code: string, message: string | Error) => {
      if (DAMAGE.has(code)) fail(message instanceof Error ? message : new Error(message));
    });
    parser.on('error', fail);
    bytes.on('error', fail);
    let length = 0;
    bytes.on('data', (chunk: Buffer) => {
      length += chunk.length;
      try {
        if (parser.write(chunk)) return;
      } catch (error) {
        fail(error as Error);
        return;
      }
      bytes.pause();
      parser.once('drain', () => bytes.resume());
    });
    bytes.on('end', () => {
      // The parser overlooks an archive that is cut within a header.
      if (length % BLOCK_BYTES === 0) parser.end();
      else fail(new Error('unexpected end of archive'));
    });
  });
}

const BLOCK_BYTES = 512;
const DAMAGE: ReadonlySet<string> = new Set(['TAR_BAD_ARCHIVE', 'TAR_ENTRY_INVALID', 'TAR_ABORT']);
const FILE_TYPES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);
