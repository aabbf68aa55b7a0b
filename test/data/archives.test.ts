import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, replace } from 'tar';
import { describe, expect, it } from 'vitest';
import { writeZip } from '../write-zip.js';
import { dataConfig, loadTexts, temporaryFolder } from './example-data.js';

const TABLE = 'text,label\none,0\ntwo,1\nthree,0\n';

/** The distinct tokens of a table that lies in a source of a folder. */
async function wordsOf(folder: string, file: string, train: string | null): Promise<readonly string[]> {
  const data = await loadTexts(folder, dataConfig({ source: { file }, format: 'csv', train }));
  return data.vocabulary.tokens.slice(2);
}

describe('a zip archive', () => {
  const folders = { a: 'set/a', b: 'set/b' };

  it.each(['../evil.csv', 'set/../../evil.csv', '__MACOSX/._a.csv', 'C:/evil.csv', '/abs/evil.csv'])(
    'is read although it holds %s beside what is wanted',
    async (odd) => {
      const folder = await temporaryFolder();
      const files = { [odd]: 'evil', 'set/a/1.txt': 'one', 'set/b/1.txt': 'two', 'a.csv': TABLE };
      await writeFile(path.join(folder, 'a.zip'), writeZip(files));
      expect(await wordsOf(folder, 'a.zip', 'a.csv')).toEqual(['one', 'two', 'three']);
      const config = dataConfig({ source: { file: 'a.zip' }, format: 'folders', train: folders });
      expect((await loadTexts(folder, config)).train.count).toBe(2);
    },
  );

  it('is refused where a member that is wanted is not what was packed', async () => {
    const folder = await temporaryFolder();
    const zip = writeZip({ 'set/a/1.txt': 'one', 'a.csv': TABLE, 'b.csv': TABLE, 'set/b/1.txt': 'two' });
    for (const damaged of ['a.csv', 'set/b/1.txt']) {
      // The name's last place is in the directory, behind 46 bytes of which four are the checksum.
      const checksum = zip.lastIndexOf(damaged) - 30;
      zip.writeUInt32LE((zip.readUInt32LE(checksum) ^ 1) >>> 0, checksum);
    }
    await writeFile(path.join(folder, 'a.zip'), zip);
    await expect(wordsOf(folder, 'a.zip', 'a.csv')).rejects.toMatchObject({
      message: 'a.zip cannot be read: incorrect data check in a.csv',
      hint: 'The file may be cut short or damaged: fetch it again.',
      code: 'DATA_DAMAGED',
    });
    expect(await wordsOf(folder, 'a.zip', 'b.csv')).toEqual(['one', 'two', 'three']);
    const config = dataConfig({ source: { file: 'a.zip' }, format: 'folders', train: folders });
    await expect(loadTexts(folder, config)).rejects.toThrow(
      'a.zip cannot be read: incorrect data check in set/b/1.txt',
    );
  });

  it('that is empty holds nothing', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'a.zip'), writeZip({}));
    await expect(wordsOf(folder, 'a.zip', null)).rejects.toMatchObject({
      message: 'a.zip holds no file.',
      code: 'DATA_EMPTY',
    });
    await expect(wordsOf(folder, 'a.zip', 'a.csv')).rejects.toThrow('`data.train`: a.zip holds no file "a.csv".');
    const config = dataConfig({ source: { file: 'a.zip' }, format: 'folders', train: folders });
    await expect(loadTexts(folder, config)).rejects.toThrow('a.zip holds no file.');
  });
});

describe('a folder named package', () => {
  async function folderWithPackage(): Promise<string> {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'pk/package/neg'), { recursive: true });
    await mkdir(path.join(folder, 'pk/package/pos'));
    await writeFile(path.join(folder, 'pk/package/neg/1.txt'), 'bad');
    await writeFile(path.join(folder, 'pk/package/pos/1.txt'), 'good');
    await writeFile(path.join(folder, 'pk/package/a.csv'), TABLE);
    await writeFile(path.join(folder, 'pk/a.csv'), 'text,label\nother,0\nwords,1\n');
    const cwd = path.join(folder, 'pk');
    await create({ file: path.join(folder, 'pk.tgz'), cwd, gzip: true }, ['package', 'a.csv']);
    const zip = { 'a.csv': 'text,label\nother,0\nwords,1\n', 'package/a.csv': TABLE };
    const texts = { 'package/neg/1.txt': 'bad', 'package/pos/1.txt': 'good' };
    await writeFile(path.join(folder, 'pk.zip'), writeZip({ ...zip, ...texts }));
    return folder;
  }

  it.each(['pk', 'pk.tgz', 'pk.zip'])('is one like any other in %s, which npm did not pack', async (file) => {
    const folder = await folderWithPackage();
    expect(await wordsOf(folder, file, 'package/a.csv')).toEqual(['one', 'two', 'three']);
    expect(await wordsOf(folder, file, 'a.csv')).toEqual(['other', 'words']);
    const config = dataConfig({ source: { file }, format: 'folders', train: { a: 'package/neg', b: 'package/pos' } });
    expect((await loadTexts(folder, config)).vocabulary.tokens.slice(2)).toEqual(['bad', 'good']);
  });

  it('need not be written for a tarball of npm', async () => {
    const folder = await folderWithPackage();
    await writeFile(path.join(folder, 'pk/package/package.json'), '{}');
    const cwd = path.join(folder, 'pk');
    await create({ file: path.join(folder, 'packed.tgz'), cwd, gzip: true }, ['package']);
    expect(await wordsOf(folder, 'packed.tgz', 'a.csv')).toEqual(['one', 'two', 'three']);
    expect(await wordsOf(folder, 'packed.tgz', 'package/a.csv')).toEqual(['one', 'two', 'three']);
  });
});

describe('a tar archive with two members of one name', () => {
  /** Packs a table, something else, and another table under the first one's name. */
  async function pack(first: string, second: string): Promise<string> {
    const folder = await temporaryFolder();
    await mkdir(path.join(folder, 'new'));
    await writeFile(path.join(folder, 'a.csv'), first);
    await writeFile(path.join(folder, 'b.txt'), 'else');
    await writeFile(path.join(folder, 'new/a.csv'), second);
    const file = path.join(folder, 'a.tar');
    await create({ file, cwd: folder }, ['a.csv', 'b.txt']);
    await rename(path.join(folder, 'new/a.csv'), path.join(folder, 'a.csv'));
    await replace({ file, cwd: folder }, ['a.csv']);
    return folder;
  }

  it('gives the later one, as unpacking it would', async () => {
    const folder = await pack('text,label\nold,0\nolder,1\n', TABLE);
    await writeFile(path.join(folder, 'a.tar.gz'), gzipSync(await readFile(path.join(folder, 'a.tar'))));
    for (const file of ['a.tar', 'a.tar.gz']) {
      expect(await wordsOf(folder, file, 'a.csv')).toEqual(['one', 'two', 'three']);
    }
  });

  it('is refused where the first is too large to be held until the end', async () => {
    const filler = ' '.repeat((1 << 26) - 10);
    const folder = await pack(`text,label\nold,0\nolder,1\n${filler}x,1\n`, TABLE);
    await expect(wordsOf(folder, 'a.tar', 'a.csv')).rejects.toThrow(
      'a.tar holds two files "a.csv", the earlier one larger than 64 MiB.',
    );
  });
});
