import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { cacheSubfolder, writeWhole } from './cache-folder.js';
import type { DataContext } from './progress.js';

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * The digest of a file's bytes in hexadecimal. It is remembered under (path, size, time of change), so that a file
 * that stands still is read once.
 */
export async function fileDigest(file: string, algorithm: DigestAlgorithm, context: DataContext): Promise<string> {
  const { size, mtimeMs, ino } = await stat(file);
  const fingerprint = `${size} ${mtimeMs} ${ino}`;
  return rememberedDigest({ name: `${algorithm} ${path.resolve(file)}`, fingerprint, newest: mtimeMs }, context, () =>
    hashFile(file, algorithm, context),
  );
}

export interface DigestMemory {
  readonly name: string;
  /** Equal as long as the digest still holds. */
  readonly fingerprint: string;
  /** When the newest of the bytes changed, in ms. */
  readonly newest: number;
}

/** The digest under `name` if it was computed for the same fingerprint, else computed and remembered. */
export async function rememberedDigest(
  { name, fingerprint, newest }: DigestMemory,
  context: DataContext,
  compute: () => Promise<string>,
): Promise<string> {
  const folder = await cacheSubfolder(context.cache_directory, 'digests');
  const memory = path.join(folder, `${createHash('sha256').update(name).digest('hex')}.json`);
  const known = await readMemory(memory);
  if (known?.fingerprint === fingerprint) return known.digest;
  const started = Date.now();
  const digest = await compute();
  // A file changed a moment ago may change again within the clock's grain: do not trust its time of change.
  if (started - newest > CLOCK_GRAIN_MS) {
    await writeWhole(memory, [Buffer.from(JSON.stringify({ name, fingerprint, digest }))]);
  }
  return digest;
}

const CLOCK_GRAIN_MS = 2_000;

async function readMemory(file: string): Promise<{ fingerprint: string; digest: string } | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { fingerprint: string; digest: string };
  } catch {
    return null;
  }
}

async function hashFile(file: string, algorithm: DigestAlgorithm, context: DataContext): Promise<string> {
  const hash = createHash(algorithm);
  const options = { highWaterMark: 1 << 20, ...(context.signal === undefined ? {} : { signal: context.signal }) };
  for await (const chunk of createReadStream(file, options)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
