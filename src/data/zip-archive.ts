import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
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
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      onMember(member, Buffer.concat(chunks));
    }
  } finally {
    zip.close();
  }
}

/** The content of one member of a zip archive as a stream, or null, with the names of all members in `seen`. */
export async function openZipMember(file: string, wanted: string, seen: Set<string>): Promise<Readable | null> {
  const zip: ZipFile = await openPromise(file, ZIP_OPTIONS);
  let found: Entry | null = null;
  for await (const entry of zip.eachEntry()) {
    const member = memberOf(entry);
    if (member === null) continue;
    seen.add(member);
    if (member === wanted) found = entry;
  }
  if (found === null) {
    zip.close();
    return null;
  }
  const stream = await zip.openReadStreamPromise(found);
  stream.once('close', () => zip.close());
  return stream;
}

const ZIP_OPTIONS = { autoClose: false, lazyEntries: true } as const;

/** The path of a file, or null for a folder or what is no data. */
function memberOf(entry: Entry): string | null {
  if (entry.fileName.endsWith('/')) return null;
  const member = memberPath(entry.fileName);
  return isOddMember(member) ? null : member;
}
