import type { Readable } from 'node:stream';
import { DataError } from '../errors.js';
import type { DataConfig } from '../plan/trial-config.js';
import type { BuildRequest } from './build-dataset.js';
import { damagedError } from './container.js';
import type { LanguageModelDataset, TextSplit } from './dataset.js';
import { encodeStream } from './encode.js';
import { type MemberRequest, openMember } from './members.js';
import { checkOwnParts, memberOf } from './part-members.js';
import type { DataContext } from './progress.js';
import type { PartName } from './raw-part.js';
import type { LocalSource } from './source.js';
import { splitSizes } from './split.js';
import { createTextSteps, decodeText } from './text-steps.js';
import { createTokenStore } from './token-store.js';
import { createTokenizer } from './tokenizer.js';
import { buildVocabulary, type IndexedVocabulary } from './vocabulary.js';

/**
 * A running text as token indices. `max_tokens` keeps the first tokens of the training text; a split cuts what is
 * left one after another: training, validation, test. The vocabulary is that of the training tokens.
 */
export async function buildLanguageModelDataset(
  { source, source_digest, digest, config }: BuildRequest,
  context: DataContext,
): Promise<LanguageModelDataset> {
  checkOwnParts(config);
  const store = createTokenStore();
  const clean = createTextSteps(config.text);
  const tokenize = createTokenizer(config.tokens, store);
  const readPart = async (part: PartName): Promise<TokenRange | null> => {
    if (part !== 'train' && config[part] === null) return null;
    const content = await readText(source, { member: memberOf(part, config), setting: `data.${part}` }, context);
    const start = store.ids.length;
    tokenize(clean(decodeText(content, config.encoding)));
    return { start, end: store.ids.length };
  };
  const whole = (await readPart('train'))!;
  const validation = await readPart('validation');
  const test = await readPart('test');
  context.onProgress({ stage: 'encode', name: source.name, done: 0, total: null });
  const cuts = cutRange(whole, config);
  const ids = store.ids.view();
  const train = cuts.train!;
  const starts = Int32Array.of(train.start);
  const vocabulary = buildVocabulary(store.tokens, { ids, starts, ends: Int32Array.of(train.end) }, config.vocabulary);
  const encode = (range: TokenRange | null): TextSplit | null => encodeRange(ids, range, vocabulary);
  return {
    task: 'language-model',
    digest,
    source_digest,
    vocabulary: vocabulary.vocabulary,
    train: encode(train)!,
    validation: encode(validation ?? cuts.validation),
    test: encode(test ?? cuts.test),
  };
}

/** Tokens of the store from `start` up to `end`. */
interface TokenRange {
  readonly start: number;
  readonly end: number;
}

function cutRange({ start, end }: TokenRange, config: DataConfig): { readonly [part in PartName]: TokenRange | null } {
  const available = Math.min(end - start, config.max_tokens ?? Number.POSITIVE_INFINITY);
  if (available === 0) {
    throw new DataError('The training text has no tokens.', {
      code: 'DATA_EMPTY',
      hint: 'Check `data.tokens` and `data.text`.',
    });
  }
  const sizes = splitSizes(config.split, available, 'tokens');
  let at = start;
  const take = (size: number | null): TokenRange | null => {
    if (size === null) return null;
    at += size;
    return { start: at - size, end: at };
  };
  return { train: take(sizes.train), validation: take(sizes.validation), test: take(sizes.test) };
}

function encodeRange(ids: Int32Array, range: TokenRange | null, vocabulary: IndexedVocabulary): TextSplit | null {
  return range === null ? null : { ids: encodeStream(ids.subarray(range.start, range.end), vocabulary) };
}

async function readText(source: LocalSource, request: MemberRequest, context: DataContext): Promise<Buffer> {
  const bytes = await openMember(source, request, context);
  try {
    return await wholeContent(bytes, source.name);
  } catch (error) {
    const name = request.member === null ? source.name : `${source.name}/${request.member}`;
    throw damagedError(source.is_folder ? { ...source, name } : source, error);
  } finally {
    bytes.destroy();
  }
}

/** The text steps may look across lines, so the text is held whole; V8 holds strings up to about 512 MB. */
async function wholeContent(bytes: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) {
      throw new DataError(`${name} is larger than ${MOST_BYTES / 1e6} MB, the most that one text may be.`, {
        code: 'DATA_FORMAT',
        hint: 'Cut the file into a shorter one.',
      });
    }
  }
  return Buffer.concat(chunks);
}

const MOST_BYTES = 500_000_000;
