import { open } from 'node:fs/promises';

/** A file that another process appends to. */
export interface GrowingFile {
  /** The bytes that have come since the last call; none while there is no file. */
  bytes(): Promise<Buffer>;
  /** The whole lines that have come since the last call, without their breaks. */
  lines(): Promise<readonly string[]>;
}

export function growingFile(path: string): GrowingFile {
  let position = 0;
  let rest = Buffer.alloc(0);
  const bytes = async (): Promise<Buffer> => {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (file === null) return Buffer.alloc(0);
    try {
      const { size } = await file.stat();
      if (size < position) {
        // Cut: a torn line was taken back.
        position = size;
        rest = Buffer.alloc(0);
      }
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), 0, size - position, position);
      position += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };
  return {
    bytes,
    async lines() {
      const read = await bytes();
      const text = Buffer.concat([rest, read]);
      const end = text.lastIndexOf(0x0a) + 1;
      rest = text.subarray(end);
      return end === 0
        ? []
        : text
            .subarray(0, end - 1)
            .toString('utf8')
            .split('\n');
    },
  };
}
