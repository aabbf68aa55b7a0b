import type { Readable } from 'node:stream';
import { decodeText } from './text-steps.js';

/** The lines of a stream of bytes without their ends (`\n` or `\r\n`); a byte-order mark goes. */
export async function* readLines(bytes: Readable, encoding: 'utf-8' | 'latin1'): AsyncGenerator<string> {
  for await (const lines of readLineBlocks(bytes, encoding)) yield* lines;
}

/** The same in blocks of as many lines as came at once, which spares a promise a line. */
export async function* readLineBlocks(
  bytes: Readable,
  encoding: 'utf-8' | 'latin1',
): AsyncGenerator<readonly string[]> {
  let rest: Buffer[] = [];
  let first = true;
  const decode = (block: Buffer): string[] => {
    const text = first ? decodeText(block, encoding) : block.toString(encoding === 'latin1' ? 'latin1' : 'utf8');
    first = false;
    return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  };
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const block = Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = [chunk.subarray(end + 1)];
    yield decode(block);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield decode(last);
}

const NEWLINE = 0x0a;
