import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gunzipSync, constants as zlib } from 'node:zlib';
import { DataError } from '../errors.js';
import type { DataContext } from './progress.js';
import type { LocalSource } from './source.js';

/** What a source is, by its first bytes: their names may be anything. */
export interface Container {
  readonly kind: 'folder' | 'tar' | 'zip' | 'file';
  readonly gzip: boolean;
}

export async function containerOf(source: LocalSource): Promise<Container> {
  if (source.is_folder) return { kind: 'folder', gzip: false };
  const head = Buffer.alloc(HEAD_BYTES);
  const file = await open(source.path);
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  const start = head.subarray(0, bytesRead);
  if (bytesRead < 4) return { kind: 'file', gzip: false };
  if (start.readUInt32BE(0) === ZIP_MAGIC) return { kind: 'zip', gzip: false };
  const gzip = isGzip(start);
  const named = /\.(tar|tgz|tar\.gz)$/i.test(source.path);
  const inner = gzip ? beginningOf(start) : start;
  const isTar = named || inner.subarray(257, 262).toString('latin1') === 'ustar';
  return { kind: isTar ? 'tar' : 'file', gzip };
}

/** The bytes of a file, uncompressed; reading is reported, and damage becomes an error of the stream. */
export function openBytes(source: LocalSource, gzip: boolean, context: DataContext, total: number): Readable {
  const chunks = Readable.from(countedChunks(source, context, total), { objectMode: false });
  // Node inflates on another thread, so that inflating and tokenising overlap.
  return gzip ? pipeline(chunks, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : chunks;
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
const ZIP_MAGIC = 0x504b0304;

function beginningOf(compressed: Buffer): Buffer {
  try {
    return gunzipSync(compressed, { finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
