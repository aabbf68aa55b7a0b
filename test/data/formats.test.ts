import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { dataConfig, loadStream, loadTexts, readable, sequence, temporaryFolder } from './example-data.js';

/** Writes files (path → content) under `folder`. */
async function writeTree(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
}

const REVIEWS = {
  'set/train/neg/10.txt': 'bad film',
  'set/train/neg/2.txt': 'awful',
  'set/train/pos/1.txt': 'good film',
  'set/train/pos/notes.md': 'not a review',
  'set/test/neg/1.txt': 'bad bad',
  'set/test/pos/1.txt': 'unseen film',
};
const FOLDERS = {
  format: 'folders',
  train: { pos: 'set/train/pos', neg: './set/train/neg/' },
  test: { pos: 'set/test/pos', neg: 'set/test/neg' },
} as const;

describe('folders', () => {
  const expected = {
    classes: ['pos', 'neg'],
    train: ['good film', 'bad film', 'awful <pad>'],
    test: ['<unk> film', 'bad bad'],
  };

  it('reads a text per file of a folder per label, in order of labels and names', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, REVIEWS);
    const config = dataConfig({ ...FOLDERS, source: { file: '.' }, sequence: sequence({ length: 2 }) });
    const data = await loadTexts(folder, config);
    expect(data.classes).toEqual(expected.classes);
    expect(readable(data.train, data.vocabulary)).toEqual(expected.train);
    expect([...data.train.labels]).toEqual([0, 1, 1]);
    expect(readable(data.test!, data.vocabulary)).toEqual(expected.test);
    expect(data.validation).toBeNull();
  });

  it.each(['set.tar', 'set.tgz'])('streams the same from %s, whatever order its members have', async (name) => {
    const folder = await temporaryFolder();
    await writeTree(folder, REVIEWS);
    await symlink('10.txt', path.join(folder, 'set/train/neg/0.txt'));
    await writeTree(folder, { 'set/train/neg/._10.txt': 'macOS leaves these' });
    const members = [...Object.keys(REVIEWS).reverse(), 'set/train/neg/0.txt', 'set/train/neg/._10.txt'];
    await create({ file: path.join(folder, name), cwd: folder, gzip: name.endsWith('gz') }, members);
    const config = dataConfig({ ...FOLDERS, source: { file: name }, sequence: sequence({ length: 2 }) });
    const data = await loadTexts(folder, config);
    expect(readable(data.train, data.vocabulary)).toEqual(expected.train);
    expect(readable(data.test!, data.vocabulary)).toEqual(expected.test);
    expect(data.vocabulary.tokens).toEqual(['<pad>', '<unk>', 'film', 'good', 'bad', 'awful']);
  });

  it('takes several folders for a label, and the first files of each label by name', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'a/easy/3.txt': 'three',
      'a/easy/1.txt': 'one',
      'a/hard/2.txt': 'two',
      'a/spam/9.txt': 'nine',
      'a/spam/8.txt': 'eight',
      'a/spam/7.txt': 'seven',
    });
    await create({ file: path.join(folder, 'a.tar.gz'), cwd: folder, gzip: true }, ['a/spam/9.txt', 'a']);
    const config = dataConfig({
      source: { file: 'a.tar.gz' },
      format: 'folders',
      train: { ham: ['a/hard', 'a/easy'], spam: 'a/spam' },
      max_examples: 2,
      sequence: sequence({ length: 1 }),
    });
    const data = await loadTexts(folder, config);
    expect(readable(data.train, data.vocabulary)).toEqual(['two', 'one', 'seven', 'eight']);
  });

  it('names the nearest folder when one is missing', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, REVIEWS);
    await create({ file: path.join(folder, 'set.tar'), cwd: folder }, ['set']);
    for (const file of ['set.tar', '.']) {
      const config = dataConfig({
        source: { file },
        format: 'folders',
        train: { a: 'set/train/ngg', b: 'set/train/pos' },
      });
      await expect(loadTexts(folder, config)).rejects.toMatchObject({
        message: `\`data.train.a\`: ${file} holds no folder "set/train/ngg".`,
        hint: 'Did you mean "set/train/neg"?',
        code: 'DATA_NOT_FOUND',
      });
    }
  });

  it('refuses an archive that is cut short', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, REVIEWS);
    await create({ file: path.join(folder, 'set.tar'), cwd: folder }, ['set']);
    const whole = await readFile(path.join(folder, 'set.tar'));
    for (const length of [700, 512 * 7, whole.length - 1024 - 100]) {
      await writeFile(path.join(folder, 'set.tar'), whole.subarray(0, length));
      const loading = loadTexts(folder, dataConfig({ ...FOLDERS, source: { file: 'set.tar' } }));
      await expect(loading).rejects.toMatchObject({ name: 'DataError' });
    }
  });

  it('says when no file of a folder matches', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, REVIEWS);
    const config = dataConfig({ ...FOLDERS, source: { file: '.' }, match: '\\.eml$' });
    await expect(loadTexts(folder, config)).rejects.toThrow(
      '`data.train.pos`: none of the 2 files in "set/train/pos" matches \\.eml$.',
    );
  });
});

describe('csv', () => {
  const CSV = '\ufefftext,label\r\n"good, ""very"" good\nfilm",pos\r\nbad,neg\r\n\r\n"",pos\r\n';

  it('understands quotes, line breaks within them, a byte-order mark and CRLF', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'reviews.csv': CSV, 'reviews.csv.gz': gzipSync(CSV) });
    for (const file of ['reviews.csv', 'reviews.csv.gz']) {
      const data = await loadTexts(folder, dataConfig({ source: { file }, format: 'csv' }));
      expect(readable(data.train, data.vocabulary)).toEqual([
        'good very good film',
        'bad <pad> <pad> <pad>',
        '<pad> <pad> <pad> <pad>',
      ]);
      expect(data.classes).toEqual(['neg', 'pos']);
      expect([...data.train.labels]).toEqual([1, 0, 1]);
    }
  });

  it('gives a text without tokens the length 1, as packed sequences need', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'reviews.csv': CSV });
    const data = await loadTexts(folder, dataConfig({ source: { file: 'reviews.csv' }, format: 'csv' }));
    expect([...data.train.lengths]).toEqual([4, 1, 1]);
  });

  it('takes tabs, columns by number and no header', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'a.tsv': '1\tx\ta "quoted" word\n0\ty\tb\n' });
    const config = dataConfig({
      source: { file: 'a.tsv' },
      format: 'csv',
      delimiter: 'tab',
      header: false,
      columns: { text: 2, label: 0 },
    });
    const data = await loadTexts(folder, config);
    expect(readable(data.train, data.vocabulary)).toEqual(['a quoted word <pad>', 'b <pad> <pad> <pad>']);
    expect(data.classes).toEqual(['0', '1']);
  });

  it('takes Latin-1 when told so', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'a.csv': Buffer.from('text,label\ncafé,0\nthé,1\n', 'latin1') });
    const config = dataConfig({ source: { file: 'a.csv' }, format: 'csv', encoding: 'latin1' });
    expect((await loadTexts(folder, config)).vocabulary.tokens.slice(2)).toEqual(['café', 'thé']);
  });

  it('reads train and test members of an archive, compressed ones too', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'd/a.csv.gz': gzipSync('text,label\nx,0\ny,1\n'), 'd/b.csv': 'text,label\ny,0\n' });
    await create({ file: path.join(folder, 'd.tgz'), cwd: folder, gzip: true }, ['d']);
    for (const file of ['d.tgz', '.']) {
      const config = dataConfig({ source: { file }, format: 'csv', train: 'd/a.csv.gz', test: 'd/b.csv' });
      const data = await loadTexts(folder, config);
      expect([data.train.count, data.test!.count]).toEqual([2, 1]);
    }
    const wrong = dataConfig({ source: { file: 'd.tgz' }, format: 'csv', train: 'd/c.csv' });
    await expect(loadTexts(folder, wrong)).rejects.toMatchObject({
      message: '`data.train`: d.tgz holds no file "d/c.csv".',
      hint: 'Did you mean "d/b.csv"?',
    });
  });

  it('stops at max_examples', async () => {
    const folder = await temporaryFolder();
    const rows = Array.from({ length: 5000 }, (_, i) => `word${i},${i % 2}`).join('\n');
    await writeTree(folder, { 'a.csv': `text,label\n${rows}\n` });
    const data = await loadTexts(folder, dataConfig({ source: { file: 'a.csv' }, format: 'csv', max_examples: 3 }));
    expect(data.train.count).toBe(3);
  });

  it('names the nearest column, and the line of a row that is too short or broken', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'a.csv': 'review,label\nx,0\n',
      'b.csv': 'label,text\n0,x\n1,"y\nz"\n1\n',
      'c.csv': 'label,text\n0,"x" y\n',
    });
    const config = (file: string) => dataConfig({ source: { file }, format: 'csv' });
    await expect(
      loadTexts(folder, { ...config('a.csv'), columns: { text: 'reviews', label: 'label' } }),
    ).rejects.toMatchObject({
      message: '`data.columns.text`: a.csv has no column "reviews".',
      hint: 'Did you mean "review"?',
    });
    await expect(loadTexts(folder, config('b.csv'))).rejects.toThrow(
      'b.csv:5: the row has 1 columns, expected at least 2.',
    );
    await expect(loadTexts(folder, config('c.csv'))).rejects.toThrow('c.csv:2: Invalid Closing Quote');
  });

  it('refuses a column of which there are two, and hints at the separator of a file that seems to have one column', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'twice.csv': 'text,text,label\nx,y,0\nz,w,1\n',
      'semicolons.csv': 'text;label\nx;0\n',
      'bare.csv': 'x;0\ny;1\n',
      'tabs.csv': 'text\tlabel\nx\t0\n',
    });
    const config = (file: string) => dataConfig({ source: { file }, format: 'csv' });
    await expect(loadTexts(folder, config('twice.csv'))).rejects.toMatchObject({
      message: '`data.columns.text`: twice.csv has 2 columns "text".',
      hint: 'Give the number of the one that is meant, from 0: 0 or 1.',
    });
    const second = await loadTexts(folder, { ...config('twice.csv'), columns: { text: 1, label: 'label' } });
    expect(second.train.count).toBe(2);
    const semicolons =
      'Its columns seem to be separated by semicolons: save the file with commas or tabs between them.';
    await expect(loadTexts(folder, config('semicolons.csv'))).rejects.toMatchObject({ hint: semicolons });
    const bare = { ...config('bare.csv'), header: false, columns: { text: 0, label: 1 } };
    await expect(loadTexts(folder, bare)).rejects.toMatchObject({ hint: semicolons });
    await expect(loadTexts(folder, config('tabs.csv'))).rejects.toMatchObject({
      hint: 'Its columns seem to be separated by tabs: set `data.delimiter: tab`.',
    });
  });

  it('reads all rows of files that were put together, whatever ends their lines', async () => {
    const folder = await temporaryFolder();
    const rows = ['text,label\r\nbad,neg\r\ngood,pos\r\n', 'fine,pos\n', '"two\nlines",neg\nlast,pos'];
    await writeTree(folder, { 'a.csv': rows.join(''), 'mac.csv': 'text,label\rbad,neg\r"a\rb",pos\rlast,neg' });
    const read = async (file: string) => {
      const data = await loadTexts(folder, dataConfig({ source: { file }, format: 'csv' }));
      expect(data.classes).toEqual(['neg', 'pos']);
      return readable(data.train, data.vocabulary).map((text) => text.replaceAll(' <pad>', ''));
    };
    expect(await read('a.csv')).toEqual(['bad', 'good', 'fine', 'two lines', 'last']);
    expect(await read('mac.csv')).toEqual(['bad', 'a b', 'last']);
  });

  it('refuses a row with more fields than there are columns, unless they are empty', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'first.csv': 'label,text\npos,fine\nneg,"two\nlines"\npos,"Well", really nice\n',
      'last.csv': 'text,label\nfine,pos\nWell, really,neg\n',
      'bare.csv': 'fine,pos\nbad,neg\nWell, really,neg\n',
      'tabs.tsv': 'text\tlabel\nfine\tpos\nWell\treally\tneg\n',
      'sheet.csv': ',,,\ntext,label,,\nfine,pos,,\nbad,neg,,,, \n,,,\n , \nlast,pos\n',
    });
    const config = (file: string) => dataConfig({ source: { file }, format: 'csv' });
    const code = 'DATA_COLUMN';
    await expect(loadTexts(folder, config('first.csv'))).rejects.toMatchObject({
      code,
      message: 'first.csv:5: the row has 3 fields, the header 2; "really nice" has no column.',
      hint: 'Put a text that holds commas between quotes ("well, really nice"); or is the file for `data.delimiter: tab`?',
    });
    await expect(loadTexts(folder, config('last.csv'))).rejects.toThrow('last.csv:3: the row has 3 fields');
    await expect(
      loadTexts(folder, { ...config('bare.csv'), header: false, columns: { text: 0, label: 1 } }),
    ).rejects.toThrow('bare.csv:3: the row has 3 fields, the first row 2; "neg" has no column.');
    await expect(loadTexts(folder, { ...config('tabs.tsv'), delimiter: 'tab' })).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/^Take tabs out of the texts/),
    });
    const { train, vocabulary, classes } = await loadTexts(folder, config('sheet.csv'));
    expect([train.count, vocabulary.tokens.slice(2), classes]).toEqual([3, ['fine', 'bad', 'last'], ['neg', 'pos']]);
  });

  it('tells the line of a row beyond the first chunk that is read', async () => {
    const folder = await temporaryFolder();
    const rows = Array.from({ length: 30_000 }, (_, i) => `${'word '.repeat(10)},${i % 2}`);
    await writeTree(folder, {
      'long.csv': ['text,label', ...rows.with(25_000, 'a,b,c')].join('\n'),
      'open.csv': ['text,label', ...rows.with(25_000, '"a,0')].join('\n'),
    });
    const load = (file: string) => loadTexts(folder, dataConfig({ source: { file }, format: 'csv' }));
    await expect(load('long.csv')).rejects.toThrow('long.csv:25002: the row has 3 fields, the header 2');
    await expect(load('open.csv')).rejects.toThrow('open.csv:25002: a quote that opens from here on is not closed.');
  });

  it('warns of rows that are short and of what stands in columns without a name', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'short.csv': 'label,text,source\npos,fine,a\nneg,bad\npos,ok\n',
      'spam.csv': 'v1,v2,,,\nham,hello,,,\nspam,win,now,,\n',
    });
    const warnings: string[] = [];
    const onWarning = (message: string): number => warnings.push(message);
    const short = dataConfig({ source: { file: 'short.csv' }, format: 'csv' });
    await loadTexts(folder, short, { onWarning });
    const columns = { text: 'v2', label: 'v1' };
    await loadTexts(folder, { ...short, source: { file: 'spam.csv' }, columns }, { onWarning });
    expect(warnings).toEqual([
      'short.csv: 2 rows have fewer fields than the header (the first is in line 3).',
      'spam.csv: 1 row has something in a column without a name, which is not read (the first is in line 3).',
    ]);
  });

  it('refuses a tab-separated text that begins with a quote where it would swallow rows', async () => {
    const folder = await temporaryFolder();
    const quoted = ['pos\t"in ""quotes"""', 'neg\t"two\nlines"', 'pos\tGood "film"'];
    await writeTree(folder, {
      'sound.tsv': ['label\ttext', ...quoted].join('\n'),
      'torn.tsv': ['label\ttext', ...quoted, 'neg\t"Awful', 'pos\tfine', 'pos\tNice"', 'neg\tend'].join('\n'),
      'open.tsv': ['label\ttext', ...quoted, 'neg\t"Awful', 'pos\tfine'].join('\n'),
    });
    const load = (file: string) => loadTexts(folder, dataConfig({ source: { file }, format: 'csv', delimiter: 'tab' }));
    const { train, vocabulary } = await load('sound.tsv');
    const texts = readable(train, vocabulary).map((text) => text.replaceAll(' <pad>', ''));
    expect(texts).toEqual(['in quotes', 'two lines', 'Good film']);
    await expect(load('torn.tsv')).rejects.toMatchObject({
      code: 'DATA_DAMAGED',
      message: 'torn.tsv:8: the quote that is closed here was opened rows before; expected it closed in its own row.',
      hint: expect.stringMatching(/^A quote within a text is written twice/),
    });
    await expect(load('open.tsv')).rejects.toThrow('open.tsv:6: a quote that opens from here on is not closed.');
  });

  it('says where a quote opened that is not closed, or that is closed too soon', async () => {
    const folder = await temporaryFolder();
    const rows = Array.from({ length: 39 }, (_, i) => `word,${i % 2}`);
    const table = (line: string): string => ['text,label', '"a\nb",0', line, ...rows].join('\r\n');
    await writeTree(folder, {
      'open.csv': table('"open,1'),
      'early.csv': table('"one\n"two" three,1'),
      'inside.csv': table('5" tape,1'),
    });
    const load = (file: string) => loadTexts(folder, dataConfig({ source: { file }, format: 'csv' }));
    await expect(load('open.csv')).rejects.toMatchObject({
      message: 'open.csv:4: a quote that opens from here on is not closed.',
      hint: 'A quote within a text is written twice, and the whole text between quotes: "so ""good"" a film".',
      code: 'DATA_DAMAGED',
    });
    await expect(load('early.csv')).rejects.toThrow('early.csv:5: Invalid Closing Quote');
    await expect(load('inside.csv')).rejects.toThrow('inside.csv:4: Invalid Opening Quote');
  });

  it.each(['csv', 'jsonl', 'text'] as const)('reports a compressed file that is cut short (%s)', async (format) => {
    const folder = await temporaryFolder();
    const rows = { csv: 'text,label\nx,0\ny,1\n', jsonl: '{"text":"x","label":0}\n', text: 'x y' };
    const whole = gzipSync(rows[format].repeat(20));
    await writeTree(folder, { 'a.gz': whole.subarray(0, -6), 'd/a.gz': whole.subarray(0, -6) });
    const load = format === 'text' ? loadStream : loadTexts;
    for (const [file, train] of [
      ['a.gz', null],
      ['d', 'a.gz'],
    ] as const) {
      await expect(load(folder, dataConfig({ source: { file }, format, train }))).rejects.toMatchObject({
        message: `${file}${train === null ? '' : '/a.gz'} cannot be read: unexpected end of file`,
        hint: 'The file may be cut short or damaged: fetch it again.',
        code: 'DATA_DAMAGED',
      });
    }
    expect((await readdir(path.join(folder, 'cache', 'datasets'))).length).toBe(0);
  });
});

describe('jsonl', () => {
  it('reads an object per line, and names the line of one that cannot be read', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, {
      'a.jsonl': '{"text":"ein Wort","label":10}\n\n{"text":"zwei","label":9}\r\n',
      'b.jsonl': '{"text":"x","label":1}\n{"text":"y","labell":1}\n',
      'c.jsonl': '{"text":"x","label":1}\nnothing\n',
    });
    const config = (file: string) =>
      dataConfig({ source: { file }, format: 'jsonl', sequence: sequence({ length: 2 }) });
    const data = await loadTexts(folder, config('a.jsonl'));
    expect(readable(data.train, data.vocabulary)).toEqual(['ein Wort', 'zwei <pad>']);
    expect(data.classes).toEqual(['9', '10']);
    await expect(loadTexts(folder, config('b.jsonl'))).rejects.toMatchObject({
      message: 'b.jsonl:2 has no key "label" (`data.columns.label`).',
      hint: 'Did you mean "labell"?',
    });
    await expect(loadTexts(folder, config('c.jsonl'))).rejects.toThrow(/^c\.jsonl:2 is not JSON/);
  });
});

describe('labels', () => {
  const rows = 'text,label\na,1\nb,0\nc,2\n';

  it('come in the order asked for, under the names to show', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'a.csv': rows });
    const config = dataConfig({ source: { file: 'a.csv' }, format: 'csv' });
    const listed = await loadTexts(folder, { ...config, labels: [2, 1, 0] });
    expect(listed.classes).toEqual(['2', '1', '0']);
    expect([...listed.train.labels]).toEqual([1, 2, 0]);
    const named = await loadTexts(folder, { ...config, labels: { 0: 'bad', 1: 'good', 2: 'good' } });
    expect(named.classes).toEqual(['bad', 'good']);
    expect([...named.train.labels]).toEqual([1, 0, 1]);
  });

  it('that are unknown are refused with their line', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'a.csv': rows });
    const config = dataConfig({ source: { file: 'a.csv' }, format: 'csv', labels: [0, 1] });
    await expect(loadTexts(folder, config)).rejects.toMatchObject({
      message: 'a.csv:4: the label "2" is not one of those of `data.labels`.',
      code: 'DATA_LABEL',
    });
  });

  it.each([
    ['a.csv', 'text,label\na,1\nb, \nc,2\n', 3],
    ['a.jsonl', '{"text":"a","label":"x"}\n{"text":"b","label":""}\n', 2],
  ] as const)('are refused where they are empty (%s)', async (file, content, line) => {
    const folder = await temporaryFolder();
    await writeTree(folder, { [file]: content });
    const format = file === 'a.csv' ? 'csv' : 'jsonl';
    await expect(loadTexts(folder, dataConfig({ source: { file }, format }))).rejects.toMatchObject({
      message: `${file}:${line}: the row has no label.`,
      code: 'DATA_LABEL',
    });
  });

  it('need two classes at least', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'a.csv': rows });
    const config = dataConfig({ source: { file: 'a.csv' }, format: 'csv', max_examples: 1 });
    await expect(loadTexts(folder, config)).rejects.toThrow(
      'The training part has only 1 class: 1; expected at least 2.',
    );
  });
});

describe('text', () => {
  const BOOK = 'The Time Machine\n\n  by H. G. Wells [1898]\r\nI\n';
  const d2l = {
    format: 'text',
    text: {
      lowercase: true,
      replace: [{ pattern: '[^A-Za-z]+', with: ' ', ignore_case: false }],
      lines: { strip: true, join: '' },
    },
    tokens: { type: 'characters', pattern: '.', language: null },
    vocabulary: { size: null, min_count: 1, unknown: 'index', padding: false },
  } as const;

  it("is prepared as d2l's Time Machine is", async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'book.txt': BOOK });
    const data = await loadStream(folder, dataConfig({ ...d2l, source: { file: 'book.txt' }, max_tokens: 28 }));
    const { tokens, padding, unknown } = data.vocabulary;
    expect(Array.from(data.train.ids, (id) => tokens[id]).join('')).toBe('the time machineby h g wells');
    expect([padding, unknown, tokens[0]]).toEqual([null, 0, '<unk>']);
  });

  it('is cut into splits one after another, with the vocabulary of the first', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'book.txt': 'aabbccddee' });
    const config = dataConfig({
      ...d2l,
      source: { file: 'book.txt' },
      split: { train: null, validation: 0.2, test: 3, shuffle: true, seed: 0 },
    });
    const { train, validation, test, vocabulary } = await loadStream(folder, config);
    const read = (ids: Int32Array) => Array.from(ids, (id) => vocabulary.tokens[id]).join('');
    expect([read(train.ids), read(validation!.ids), read(test!.ids)]).toEqual(['aabbc', 'c<unk>', '<unk><unk><unk>']);
  });

  it('has no labels, so that classification refuses it', async () => {
    const folder = await temporaryFolder();
    await writeTree(folder, { 'book.txt': BOOK });
    await expect(loadTexts(folder, dataConfig({ ...d2l, source: { file: 'book.txt' } }))).rejects.toThrow(
      '`data.format` is text, which has no labels',
    );
  });
});
