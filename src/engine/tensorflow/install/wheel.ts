import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise } from 'yauzl';

/** The members of a wheel (a zip archive) that `place` gives a path for are written there; gives how many. */
export async function unpackWheel(wheel: string, place: (member: string) => string | null): Promise<number> {
  const zip = await openPromise(wheel, { autoClose: false, lazyEntries: true });
  let count = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const target = (entry as Entry).fileName.endsWith('/') ? null : place((entry as Entry).fileName);
      if (target === null) continue;
      await mkdir(path.dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry as Entry), createWriteStream(target));
      count++;
    }
  } finally {
    zip.close();
  }
  return count;
}

/** The names of a wheel's members. */
export async function listWheel(wheel: string): Promise<string[]> {
  const zip = await openPromise(wheel, { autoClose: false, lazyEntries: true });
  const names: string[] = [];
  try {
    for await (const entry of zip.eachEntry()) names.push((entry as Entry).fileName);
  } finally {
    zip.close();
  }
  return names;
}

/** The text of a wheel's members that match, by name. */
export async function readWheelTexts(
  wheel: string,
  wants: (member: string) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const zip = await openPromise(wheel, { autoClose: false, lazyEntries: true });
  const texts = new Map<string, string>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (!wants((entry as Entry).fileName)) continue;
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry as Entry)) chunks.push(chunk as Buffer);
      texts.set((entry as Entry).fileName, Buffer.concat(chunks).toString('utf8'));
    }
  } finally {
    zip.close();
  }
  return texts;
}
