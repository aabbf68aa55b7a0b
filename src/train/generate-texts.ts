import type { Vocabulary } from '../data/dataset.js';
import { createTextSteps } from '../data/text-steps.js';
import { createTokenStore } from '../data/token-store.js';
import { createTokenizer } from '../data/tokenizer.js';
import { TrainError } from '../errors.js';
import type { Model } from '../model/model.js';
import type { DataConfig, TrialConfig } from '../plan/trial-config.js';
import { randomStream } from '../random/stream.js';
import { generateTokens } from './generate.js';

/** A prefix and its tokens. */
export interface EncodedPrefix {
  readonly prefix: string;
  readonly ids: Int32Array;
}

/**
 * The prefixes cut into tokens as the training text was; tokens that the vocabulary lacks count as unknown, or are left
 * out where it has no unknown token.
 * @throws TrainError for a prefix of which no token is left.
 */
export function encodePrefixes(
  prefixes: readonly string[],
  config: Pick<DataConfig, 'text' | 'tokens'>,
  vocabulary: Vocabulary,
): readonly EncodedPrefix[] {
  const clean = createTextSteps({ ...config.text, lines: null });
  const indices = new Map(vocabulary.tokens.map((token, index) => [token, index]));
  return prefixes.map((prefix) => {
    const store = createTokenStore();
    createTokenizer(config.tokens, store)(clean(prefix));
    const ids = Array.from(store.ids.view(), (n) => indices.get(store.tokens[n]!) ?? vocabulary.unknown);
    const known = ids.filter((id) => id !== null);
    if (known.length > 0) return { prefix, ids: Int32Array.from(known) };
    throw new TrainError(
      `generate.prefixes: expected tokens of the vocabulary, found none in ${JSON.stringify(prefix)}`,
      {
        code: 'TRAIN_PREFIX',
        hint: 'give a prefix in the language of the training text',
      },
    );
  });
}

export interface GenerateTextsOptions {
  readonly model: Model;
  readonly prefixes: readonly EncodedPrefix[];
  readonly config: NonNullable<TrialConfig['generate']>;
  readonly tokens: DataConfig['tokens'];
  readonly vocabulary: Vocabulary;
  readonly seed: number;
}

/** Every prefix with its continuation behind it; prefix n draws from the stream `generate` at index n. */
export function generateTexts(options: GenerateTextsOptions): readonly { prefix: string; text: string }[] {
  const { model, prefixes, config, tokens, vocabulary, seed } = options;
  const { length, temperature, top_k } = config;
  const space = tokens.type === 'words' && tokens.language === null ? ' ' : '';
  return prefixes.map(({ prefix, ids }, n) => {
    const stream = randomStream({ seed, purpose: 'generate', index: n });
    const added = generateTokens({ model, prefix: ids, length, temperature, top_k, stream });
    const text = Array.from(added, (id) => vocabulary.tokens[id]!).join(space);
    return { prefix, text: prefix + space + text };
  });
}
