import { createHash, randomBytes } from 'node:crypto';
import { readSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/*
 * Word vectors as one file: rows of little-endian 32-bit floats, then the words (UTF-8, one a line), then a footer:
 * magic, dimension, number of words, length of the words in bytes, their sha256. Rows come first because their number
 * is known only at the end of a stream; a reader takes footer and words and then only the rows that it wants.
 */

export interface VectorFile {
  readonly dim: number;
  /** The word of each row. */
  readonly words: readonly string[];
  /** Reads row `row` into `out` [dim]. */
  readonly readRow: (row: number, out: Float32Array) => void;
  readonly close: () => Promise<void>;
}

/** Opens a converted file; null when there is none. Throws when it is damaged. */
export async function openVectorFile(file: string): Promise<VectorFile | null> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const { dim, words } = await readWords(handle);
    return {
      dim,
      words,
      readRow: (row, out) => {
        const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
        const read = readSync(handle.fd, bytes, 0, bytes.length, row * dim * 4);
        if (read !== bytes.length) throw new Error(`${file} is cut short`);
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export interface VectorWriter {
  /** Adds a word and its vector. */
  readonly add: (word: string, vector: Float32Array) => void;
  /** Writes what has gathered; to be awaited now and then. */
  readonly flush: () => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly abandon: () => Promise<void>;
}

/** Writes a file of vectors aside; `finish` gives it its name. */
export async function createVectorFile(file: string): Promise<VectorWriter> {
  const aside = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  const handle = await open(aside, 'w');
  const words: string[] = [];
  let dim = 0;
  let waiting: Float32Array[] = [];
  const flush = async (): Promise<void> => {
    const rows = new Float32Array(waiting.length * dim);
    waiting.forEach((vector, i) => {
      rows.set(vector, i * dim);
    });
    waiting = [];
    await handle.writeFile(new Uint8Array(rows.buffer));
  };
  return {
    add: (word, vector) => {
      dim = vector.length;
      words.push(word);
      waiting.push(vector);
    },
    flush,
    finish: async () => {
      await flush();
      const text = Buffer.from(words.join('\n'));
      const footer = Buffer.alloc(FOOTER_BYTES);
      footer.write(MAGIC, 'latin1');
      [dim, words.length, text.length].forEach((value, i) => {
        footer.writeUInt32LE(value, MAGIC.length + 4 * i);
      });
      createHash('sha256')
        .update(text)
        .digest()
        .copy(footer, FOOTER_BYTES - 32);
      await handle.writeFile(text);
      await handle.writeFile(footer);
      await handle.sync();
      await handle.close();
      await rename(aside, file);
    },
    abandon: async () => {
      await handle.close().catch(() => undefined);
      await rm(aside, { force: true });
    },
  };
}

const MAGIC = 'SWEEPWV1';
const FOOTER_BYTES = MAGIC.length + 12 + 32;

async function readWords(handle: FileHandle): Promise<{ dim: number; words: readonly string[] }> {
  const { size } = await handle.stat();
  if (size < FOOTER_BYTES) throw new Error('it is cut short');
  const footer = await readAt(handle, size - FOOTER_BYTES, FOOTER_BYTES);
  if (footer.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('it is not a file of vectors');
  const [dim, count, length] = [0, 1, 2].map((i) => footer.readUInt32LE(MAGIC.length + 4 * i)) as [
    number,
    number,
    number,
  ];
  if (size !== dim * count * 4 + length + FOOTER_BYTES) throw new Error('its length is wrong');
  const text = await readAt(handle, dim * count * 4, length);
  const digest = createHash('sha256').update(text).digest();
  if (!digest.equals(footer.subarray(FOOTER_BYTES - 32))) throw new Error('its digest is wrong');
  return { dim, words: text.toString('utf8').split('\n') };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('it is cut short');
    done += bytesRead;
  }
  return bytes;
}
