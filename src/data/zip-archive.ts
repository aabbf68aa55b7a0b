import { Readable } from 'node:stream';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { crc32 } from './crc32.js';
import { isOddMember, memberPath } from './member-path.js';

/** Hands the wanted files of a zip archive to `onMember` whole, one after another. */
export async function readZip(
  file: string,
  wants: (member: string) => boolean,
  onMember: (member: string, content: Buffer) => void,
): Promise<void> {
  const zip = await openPromise(file, ZIP_OPTIONS);
  try {
    for await (const entry of zip.eachEntry()) {
      const member = memberOf(entry);
      if (member === null || !wants(member)) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of checkedContent(zip, entry, member)) chunks.push(chunk);
      onMember(member, Buffer.concat(chunks));
    }
  } finally {
    zip.close();
  }
}

/** The content of one member of a zip archive as a stream, or null, with the names of all members in `seen`. */
export async function openZipMember(file: string, wanted: string, seen: Set<string>): Promise<Readable | null> {
  const zip = await openPromise(file, ZIP_OPTIONS);
  let found: Entry | null = null;
  try {
    for await (const entry of zip.eachEntry()) {
      const member = memberOf(entry);
      if (member === null) continue;
      seen.add(member);
      if (member === wanted) found = entry;
    }
  } catch (error) {
    zip.close();
    throw error;
  }
  if (found === null) {
    zip.close();
    return null;
  }
  const stream = Readable.from(checkedContent(zip, found, wanted), { objectMode: false });
  stream.once('close', () => zip.close());
  return stream;
}

/** Names are decoded here, as the reader would refuse a whole archive for one path that climbs out of it. */
const ZIP_OPTIONS = { autoClose: false, lazyEntries: true, decodeStrings: false } as const;

/** The path of a file, or null for a folder or what is no data. */
function memberOf(entry: Entry): string | null {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  if (name.endsWith('/')) return null;
  const member = memberPath(name);
  return isOddMember(member) ? null : member;
}

/** The reader checks a member's length, but not that its bytes are those that were packed. */
async function* checkedContent(zip: ZipFile, entry: Entry, member: string): AsyncGenerator<Buffer> {
  let crc = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (crc !== entry.crc32) throw new Error(`incorrect data check in ${member}`);
}
