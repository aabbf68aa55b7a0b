import { Readable } from 'node:stream';
import type { ReadEntry } from 'tar';
import { Parser } from 'tar';
import { isOddMember, memberPath } from './member-path.js';

/**
 * Streams a tar archive once. `wants` sees every file's path; those it wants are handed to `onMember` whole, one
 * after another. Links, devices and folders are passed over; nothing is ever written.
 */
export async function readTar(
  bytes: Readable,
  wants: (member: string) => boolean,
  onMember: (member: string, content: Buffer) => void,
): Promise<void> {
  await parseTar(bytes, (member, entry) => {
    if (!wants(member)) return entry.resume();
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    entry.on('end', () => onMember(member, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
  });
}

/** The content of one member of a tar archive as a stream, or null, with the names of all members in `seen`. */
export function openTarMember(bytes: Readable, wanted: string, seen: Set<string>): Promise<Readable | null> {
  return new Promise((resolve, reject) => {
    let found: Readable | null = null;
    parseTar(bytes, (member, entry) => {
      seen.add(member);
      if (found !== null || member !== wanted) return entry.resume();
      found = Readable.from(entry as AsyncIterable<Buffer>, { objectMode: false });
      found.once('close', () => {
        entry.resume();
        bytes.destroy();
      });
      resolve(found);
    }).then(
      () => resolve(null),
      (error: Error) => {
        found?.destroy(error);
        reject(error);
      },
    );
  });
}

function parseTar(bytes: Readable, onEntry: (member: string, entry: ReadEntry) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const parser = new Parser({
      // Text compresses well; the ratio says nothing about danger when nothing is unpacked.
      maxDecompressionRatio: Number.POSITIVE_INFINITY,
      onReadEntry: (entry) => {
        const member = memberPath(entry.path);
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
