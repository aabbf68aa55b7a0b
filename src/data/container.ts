import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib';
import { DataError } from '../errors.js';
import { memberPath, packagePath } from './member-path.js';
import type { DataContext } from './progress.js';
import type { LocalSource } from './source.js';

/** What a source is, by its first bytes: their names may be anything. */
export interface Container {
  readonly kind: 'folder' | 'tar' | 'zip' | 'file';
  readonly gzip: boolean;
  /** A path within it as pipelines write it. */
  readonly pathOf: (path: string) => string;
}

export async function containerOf(source: LocalSource): Promise<Container> {
  if (source.is_folder) return { kind: 'folder', gzip: false, pathOf: memberPath };
  const head = Buffer.alloc(HEAD_BYTES);
  const file = await open(source.path);
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  const start = head.subarray(0, bytesRead);
  if (bytesRead < 4) return { kind: 'file', gzip: false, pathOf: memberPath };
  if (ZIP_MAGIC.has(start.readUInt32BE(0))) return { kind: 'zip', gzip: false, pathOf: memberPath };
  const gzip = isGzip(start);
  const named = /\.(tar|tgz|tar\.gz)$/i.test(source.path);
  const inner = gzip ? beginningOf(start) : start;
  const isTar = named || inner.subarray(257, 262).toString('latin1') === 'ustar';
  if (!isTar) return { kind: 'file', gzip, pathOf: memberPath };
  return { kind: 'tar', gzip, pathOf: (await isPackage(source, gzip)) ? packagePath : memberPath };
}

/** The bytes of a file, uncompressed; reading is reported, and damage becomes an error of the stream. */
export function openBytes(source: LocalSource, gzip: boolean, context: DataContext, total: number): Readable {
  const chunks = Readable.from(countedChunks(source, context, total), { objectMode: false });
  // Node inflates on another thread, so that inflating and tokenising overlap.
  return gzip ? inflated(chunks, CHUNK_BYTES) : chunks;
}

/** The bytes of a gzip file; errors of either end reach whoever reads them. */
export function inflated(compressed: Readable, chunkSize?: number): Readable {
  const bytes = pipeline(compressed, createGunzip(chunkSize === undefined ? {} : { chunkSize }), () => undefined);
  // A short file may break before anyone reads: the error stays with the stream, and must not end the process.
  bytes.on('error', () => undefined);
  return bytes;
}

/** True when the bytes begin as gzip's do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Wraps what went wrong while reading a source. */
export function damagedError(source: LocalSource, cause: unknown): unknown {
  if (cause instanceof DataError || (cause as Error).name === 'AbortError') return cause;
  return new DataError(`${source.name} cannot be read: ${(cause as Error).message}`, {
    code: 'DATA_DAMAGED',
    hint: 'The file may be cut short or damaged: fetch it again.',
    cause,
  });
}

async function* countedChunks(source: LocalSource, context: DataContext, total: number): AsyncGenerator<Buffer> {
  const { signal } = context;
  const options = { highWaterMark: CHUNK_BYTES, ...(signal === undefined ? {} : { signal }) };
  let done = 0;
  for await (const chunk of createReadStream(source.path, options) as AsyncIterable<Buffer>) {
    done += chunk.length;
    context.onProgress({ stage: 'read', name: source.name, done, total });
    yield chunk;
  }
}

const CHUNK_BYTES = 1 << 20;
const HEAD_BYTES = 1 << 16;
/** The beginnings of a zip's first member and of its end, which is all of an empty one. */
const ZIP_MAGIC: ReadonlySet<number> = new Set([0x504b0304, 0x504b0506]);

/** True for what npm packed, also for a copy of its tarball; another archive is mostly told by its first member. */
async function isPackage(source: LocalSource, gzip: boolean): Promise<boolean> {
  if (source.is_package === true) return true;
  const { isPackageTar } = await import('./tar-archive.js');
  const bytes = createReadStream(source.path);
  // What is damaged is told by whoever reads it whole.
  return isPackageTar(gzip ? inflated(bytes) : bytes).catch(() => false);
}

function beginningOf(compressed: Buffer): Buffer {
  try {
    return gunzipSync(compressed, { finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
