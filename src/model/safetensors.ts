import { endianness } from 'node:os';
import { TrainError } from '../errors.js';

/** One float32 tensor outside any engine. */
export interface StoredTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text by name. */
  readonly metadata: { readonly [name: string]: string };
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The header's length stands before it as an unsigned 64-bit integer. */
const PREFIX_BYTES = 8;
/** The reference reader's own limit, against headers that only claim to be long. */
const LONGEST_HEADER = 100_000_000;

/** The bytes of a safetensors file: header length, JSON header padded to 8 bytes, little-endian data in order. */
export function encodeSafetensors({ tensors, metadata }: SafetensorsFile): Buffer {
  const header: { [name: string]: HeaderEntry | SafetensorsFile['metadata'] } = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(PREFIX_BYTES + padded + end, ' ');
  bytes.writeBigUInt64LE(BigInt(padded), 0);
  bytes.set(json, PREFIX_BYTES);
  let offset = PREFIX_BYTES + padded;
  for (const { data } of tensors.values()) {
    const part = bytes.subarray(offset, offset + data.byteLength);
    part.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    if (endianness() === 'BE') part.swap32();
    offset += data.byteLength;
  }
  return bytes;
}

/** The tensors of a safetensors file's bytes, in the file's order; `source` names it in errors. Throws TrainError. */
export function decodeSafetensors(bytes: Uint8Array, source = 'safetensors'): SafetensorsFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, dataStart } = readHeader(buffer, source);
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map<string, StoredTensor>();
  let expectedStart = 0;
  for (const [name, entry] of sortedEntries(entries, source)) {
    const [start, end] = entry.data_offsets;
    const size = entry.shape.reduce((a, b) => a * b, 1);
    if (entry.dtype !== 'F32') throw damaged(source, `expected ${name} as F32, found ${entry.dtype}`);
    if (start !== expectedStart) throw damaged(source, `expected ${name} at byte ${expectedStart}, found ${start}`);
    if (end - start !== 4 * size) {
      throw damaged(source, `expected ${4 * size} bytes for ${name} [${entry.shape}], found ${end - start}`);
    }
    if (dataStart + end > buffer.length) {
      throw damaged(source, `expected at least ${dataStart + end} bytes, found ${buffer.length}`);
    }
    // A copy: the data may start anywhere, and a Float32Array must not.
    const data = new Float32Array(size);
    const part = Buffer.from(data.buffer);
    buffer.copy(part, 0, dataStart + start, dataStart + end);
    if (endianness() === 'BE') part.swap32();
    tensors.set(name, { shape: entry.shape, data });
    expectedStart = end;
  }
  if (dataStart + expectedStart !== buffer.length) {
    throw damaged(source, `expected ${dataStart + expectedStart} bytes, found ${buffer.length}`);
  }
  return { tensors, metadata: metadata as unknown as SafetensorsFile['metadata'] };
}

function readHeader(buffer: Buffer, source: string): { header: { [name: string]: HeaderEntry }; dataStart: number } {
  if (buffer.length < PREFIX_BYTES) throw damaged(source, `expected at least 8 bytes, found ${buffer.length}`);
  const length = Number(buffer.readBigUInt64LE(0));
  const dataStart = PREFIX_BYTES + length;
  if (length > LONGEST_HEADER || dataStart > buffer.length) {
    throw damaged(source, `expected a header of ${length} bytes, found ${buffer.length - PREFIX_BYTES}`);
  }
  try {
    const header: unknown = JSON.parse(buffer.toString('utf8', PREFIX_BYTES, dataStart));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return { header: header as { [name: string]: HeaderEntry }, dataStart };
    }
  } catch (cause) {
    throw damaged(source, 'the header is not JSON', cause);
  }
  throw damaged(source, 'the header is not a JSON object');
}

/** The tensors' entries by position in the file; throws TrainError when one has no shape or no position. */
function sortedEntries(entries: { [name: string]: HeaderEntry }, source: string): [string, HeaderEntry][] {
  const isList = (value: unknown): boolean =>
    Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
  const list = Object.entries(entries);
  for (const [name, entry] of list) {
    if (isList(entry?.shape) && isList(entry.data_offsets) && entry.data_offsets.length === 2) continue;
    throw damaged(source, `expected a shape and data_offsets for ${name}`);
  }
  return list.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
}

function damaged(source: string, what: string, cause?: unknown): TrainError {
  return new TrainError(`${source} is not a complete safetensors file: ${what}`, {
    code: 'MODEL_SAFETENSORS',
    hint: 'remove the file and train again from the start',
    cause,
  });
}
