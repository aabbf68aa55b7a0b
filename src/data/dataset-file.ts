import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { writeWhole } from './cache-folder.js';
import type { ClassificationSplit, Dataset, TextSplit } from './dataset.js';

/*
 * An encoded data set as one file: a fixed head (magic, length of the header), the header as JSON, padding to 8 bytes,
 * then every array as little-endian 32-bit integers; the last 32 bytes are the sha256 of all before. It is read with
 * one read, and the arrays are views of what was read.
 */

/** Writes a data set; readers see the whole file or none. */
export async function writeDataset(file: string, dataset: Dataset): Promise<void> {
  const arrays: Int32Array[] = [];
  const store = (array: Int32Array): ArrayPlace => {
    const offset = arrays.reduce((sum, { length }) => sum + length, 0);
    arrays.push(array);
    return { offset, length: array.length };
  };
  const split = (value: ClassificationSplit | TextSplit | null): StoredSplit | null =>
    value === null ? null : mapArrays(value, store);
  const header: Header = {
    ...dataset,
    train: split(dataset.train)!,
    validation: split(dataset.validation),
    test: split(dataset.test),
  };
  const json = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(align(HEAD_BYTES + json.length));
  head.write(MAGIC, 'latin1');
  head.writeUInt32LE(json.length, MAGIC.length);
  json.copy(head, HEAD_BYTES);
  const pieces = [head, ...arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))];
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  await writeWhole(file, [...pieces, hash.digest()]);
}

/** Reads a data set back; null when there is none. Throws when the file is damaged or of another version. */
export async function readDataset(file: string): Promise<Dataset | null> {
  const found = await readAll(file);
  if (found === null) return null;
  const { bytes, digest } = found;
  const content = bytes.subarray(0, Math.max(0, bytes.length - DIGEST_BYTES));
  const expected = bytes.subarray(content.length);
  if (content.length < HEAD_BYTES || content.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error('it is not a data set');
  }
  if (!digest.equals(expected)) throw new Error('its digest is wrong');
  const length = content.readUInt32LE(MAGIC.length);
  const header = JSON.parse(content.toString('utf8', HEAD_BYTES, HEAD_BYTES + length)) as Header;
  const base = content.byteOffset + align(HEAD_BYTES + length);
  const load = (place: ArrayPlace): Int32Array =>
    new Int32Array(content.buffer as ArrayBuffer, base + 4 * place.offset, place.length);
  const split = (value: StoredSplit | null): unknown => (value === null ? null : mapPlaces(value, load));
  return {
    ...header,
    train: split(header.train),
    validation: split(header.validation),
    test: split(header.test),
  } as Dataset;
}

const MAGIC = 'SWEEPDS1';
const HEAD_BYTES = MAGIC.length + 4;
const DIGEST_BYTES = 32;

/** In 32-bit integers from the start of the arrays. */
interface ArrayPlace {
  readonly offset: number;
  readonly length: number;
}

interface StoredSplit {
  readonly count?: number;
  readonly ids: ArrayPlace;
  readonly lengths?: ArrayPlace;
  readonly labels?: ArrayPlace;
}

type Header = Omit<Dataset, 'train' | 'validation' | 'test'> & {
  readonly train: StoredSplit;
  readonly validation: StoredSplit | null;
  readonly test: StoredSplit | null;
};

function mapArrays(split: ClassificationSplit | TextSplit, store: (array: Int32Array) => ArrayPlace): StoredSplit {
  if (!('labels' in split)) return { ids: store(split.ids) };
  const { count, ids, lengths, labels } = split;
  return { count, ids: store(ids), lengths: store(lengths), labels: store(labels) };
}

function mapPlaces(split: StoredSplit, load: (place: ArrayPlace) => Int32Array): ClassificationSplit | TextSplit {
  const ids = load(split.ids);
  if (split.count === undefined) return { ids };
  return { count: split.count, ids, lengths: load(split.lengths!), labels: load(split.labels!) };
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

const CHUNK_BYTES = 1 << 20;

interface FileContent {
  /** A buffer of its own, so that 32-bit views are aligned. */
  readonly bytes: Buffer;
  /** The sha256 of all but the digest that a data set ends with. */
  readonly digest: Buffer;
}

/** A whole file; what is read is hashed while the next part is on its way. */
async function readAll(file: string): Promise<FileContent | null> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.from(new ArrayBuffer(size));
    const hash = createHash('sha256');
    const next = (at: number) => handle.read(bytes, at, Math.min(CHUNK_BYTES, size - at), at);
    let done = 0;
    let reading = next(0);
    while (done < size) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) throw new Error('it is cut short');
      const start = done;
      done += bytesRead;
      if (done < size) reading = next(done);
      hash.update(bytes.subarray(start, Math.max(start, Math.min(done, size - DIGEST_BYTES))));
    }
    return { bytes, digest: hash.digest() };
  } finally {
    await handle.close();
  }
}
