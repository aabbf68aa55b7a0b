import zlib from 'node:zlib';

type Crc32 = (bytes: Uint8Array, value?: number) => number;

/** The CRC-32 of bytes that follow others whose CRC is `value`, as zip archives keep it; Node's own where it has one. */
export const crc32: Crc32 = (zlib as { readonly crc32?: Crc32 }).crc32 ?? crc32ByTable;

/** The same a byte at a time, for the first versions of Node 20. */
export function crc32ByTable(bytes: Uint8Array, value = 0): number {
  table ??= createTable();
  let crc = ~value;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

let table: Int32Array | undefined;

function createTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
}

/** IEEE's, its bits reversed. */
const POLYNOMIAL = 0xedb88320;
