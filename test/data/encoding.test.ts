import { describe, expect, it } from 'vitest';
import { encodeRows } from '../../src/data/encode.js';
import { splitRows, splitSizes } from '../../src/data/split.js';
import { createTextSteps } from '../../src/data/text-steps.js';
import { createTokenStore } from '../../src/data/token-store.js';
import { createTokenizer } from '../../src/data/tokenizer.js';
import { buildVocabulary, type TokenSpans } from '../../src/data/vocabulary.js';
import type { DataConfig } from '../../src/plan/trial-config.js';
import { readable, sequence } from './example-data.js';

const WORDS = { type: 'words', pattern: "[\\p{L}\\p{N}']+", language: null } as const;
const VOCABULARY = { size: null, min_count: 1, unknown: 'index', padding: true } as const;

function tokensOf(text: string, config: DataConfig['tokens']): readonly string[] {
  const store = createTokenStore();
  createTokenizer(config, store)(text);
  return Array.from(store.ids.view(), (id) => store.tokens[id]!);
}

function spansOf(texts: readonly string[]): TokenSpans & { readonly tokens: readonly string[] } {
  const store = createTokenStore();
  const tokenize = createTokenizer(WORDS, store);
  const bounds = texts.map((text) => {
    const start = store.ids.length;
    tokenize(text);
    return [start, store.ids.length] as const;
  });
  return {
    tokens: store.tokens,
    ids: store.ids.view(),
    starts: Int32Array.from(bounds, ([start]) => start),
    ends: Int32Array.from(bounds, ([, end]) => end),
  };
}

describe('tokens', () => {
  it('are words of letters, digits and apostrophes in any script', () => {
    expect(tokensOf("It's naïve – 3 Füße_привет", WORDS)).toEqual(["It's", 'naïve', '3', 'Füße', 'привет']);
    expect(tokensOf("It's 3 feet_high!", WORDS)).toEqual(["It's", '3', 'feet', 'high']);
  });

  it('follow a pattern of the pipeline', () => {
    expect(tokensOf('Why, oh why?', { ...WORDS, pattern: '\\p{L}+|[?]' })).toEqual(['Why', 'oh', 'why', '?']);
  });

  it('are code points as characters', () => {
    expect(tokensOf('a😀é', { ...WORDS, type: 'characters' })).toEqual(['a', '😀', 'é']);
  });

  it('are Chinese words by the rules of the language, across the pieces of a long text', () => {
    const sentence = '今天天气很好我们去公园散步吧时间机器是一部小说';
    const words = ['今天', '天气', '很好', '我们', '去', '公园', '散步', '吧', '时间', '机器', '是', '一部', '小说'];
    const found = tokensOf(sentence.repeat(300), { ...WORDS, language: 'zh' });
    expect(found).toEqual(Array.from({ length: 300 }, () => words).flat());
  });
});

describe('text steps', () => {
  it('replace in order, then lower-case', () => {
    const clean = createTextSteps({
      lowercase: true,
      replace: [
        { pattern: '<BR ?/>', with: ' ', ignore_case: true },
        { pattern: '(\\p{Lu})\\.', with: '$1', ignore_case: false },
      ],
      lines: null,
    });
    expect(clean('U.S.<br />Film')).toBe('us film');
  });
});

describe('the vocabulary', () => {
  const texts = spansOf(['b a c', 'a b d', 'c']);

  it('is ordered by frequency, ties by first appearance, after the special tokens', () => {
    expect(buildVocabulary(texts.tokens, texts, VOCABULARY).vocabulary).toEqual({
      tokens: ['<pad>', '<unk>', 'b', 'a', 'c', 'd'],
      padding: 0,
      unknown: 1,
    });
  });

  it('counts the texts it is given only, in their order', () => {
    const rest = { ids: texts.ids, starts: texts.starts.slice(1), ends: texts.ends.slice(1) };
    expect(buildVocabulary(texts.tokens, rest, VOCABULARY).vocabulary.tokens.slice(2)).toEqual(['a', 'b', 'd', 'c']);
  });

  it('keeps as many words as asked, without the special tokens, and none too rare', () => {
    const small = buildVocabulary(texts.tokens, texts, { ...VOCABULARY, size: 1 });
    expect(small.vocabulary.tokens).toEqual(['<pad>', '<unk>', 'b']);
    const common = buildVocabulary(texts.tokens, texts, { ...VOCABULARY, min_count: 2 });
    expect(common.vocabulary.tokens).toEqual(['<pad>', '<unk>', 'b', 'a', 'c']);
  });

  it('may have neither padding nor an unknown token', () => {
    const bare = buildVocabulary(texts.tokens, texts, { ...VOCABULARY, padding: false, unknown: 'drop', size: 2 });
    expect(bare.vocabulary).toEqual({ tokens: ['b', 'a'], padding: null, unknown: null });
    const rows = encodeRows(texts, bare, sequence({ length: 2 }));
    expect([...rows.lengths]).toEqual([2, 2, 1]);
    expect([...rows.ids]).toEqual([0, 1, 1, 0, 0, 0]);
  });
});

describe('rows', () => {
  const texts = spansOf(['one two three four five six', 'one two']);
  const vocabulary = buildVocabulary(texts.tokens, texts, VOCABULARY);
  const rowsOf = (changes: Partial<DataConfig['sequence']>) => {
    const { ids, lengths } = encodeRows(texts, vocabulary, sequence(changes));
    return [...readable({ count: 2, ids }, vocabulary.vocabulary), [...lengths].join(' ')];
  };

  it.each([
    ['end', 'end', 'one two three four', 'one two <pad> <pad>'],
    ['start', 'end', 'one two three four', '<pad> <pad> one two'],
    ['end', 'start', 'three four five six', 'one two <pad> <pad>'],
    ['start', 'start', 'three four five six', '<pad> <pad> one two'],
  ] as const)('are padded at the %s and cut at the %s', (pad, truncate, long, short) => {
    expect(rowsOf({ pad, truncate })).toEqual([long, short, '4 2']);
  });
});

describe('splits', () => {
  const split = { train: null, validation: null, test: null, shuffle: true, seed: 0 } as const;

  it('take numbers and fractions, and leave the rest to training', () => {
    expect(splitSizes({ ...split, test: 30 }, 100, 'examples')).toEqual({ train: 70, validation: null, test: 30 });
    expect(splitSizes({ ...split, train: 0.5, test: 10 }, 101, 'examples')).toEqual({
      train: 50,
      validation: null,
      test: 10,
    });
  });

  it('lose nothing to rounding when fractions make up the whole', () => {
    expect(splitSizes({ ...split, train: 0.7, validation: 0.2, test: 0.1 }, 13, 'examples')).toEqual({
      train: 10,
      validation: 2,
      test: 1,
    });
  });

  it('are the same for a seed, differ between seeds, and share no row', () => {
    const asked = { ...split, train: 60, test: 40, seed: 'trial' } as const;
    const first = splitRows(asked, 100, 1);
    expect(splitRows(asked, 100, 1)).toEqual(first);
    expect(splitRows(asked, 100, 2)).not.toEqual(first);
    expect(splitRows({ ...asked, seed: 1 }, 100, 2)).toEqual(first);
    expect([...first.train!, ...first.test!].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('keep the order of the data when they are not shuffled', () => {
    const rows = splitRows({ ...split, train: 3, test: 2, shuffle: false }, 5, 0);
    expect([...rows.train!, ...rows.test!]).toEqual([0, 1, 2, 3, 4]);
  });

  it('name the amount that does not fit', () => {
    expect(() => splitSizes({ ...split, train: 30000 }, 25000, 'examples')).toThrow(
      '`data.split.train` asks for 30000 examples; there are 25000 examples.',
    );
    expect(() => splitSizes({ ...split, train: 20000, test: 6000 }, 25000, 'examples')).toThrow(
      '`data.split.test` asks for 6000 examples; there are 5000 of 25000 examples, for the splits before it take 20000.',
    );
    expect(() => splitSizes({ ...split, test: 0.01 }, 10, 'tokens')).toThrow(
      '`data.split.test`: 0.01 of 10 tokens is none.',
    );
    expect(() => splitSizes({ ...split, test: 10 }, 10, 'tokens')).toThrow(
      '`data.split.train`: what the others leave of 10 tokens is none.',
    );
  });
});
