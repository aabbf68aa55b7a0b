import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataProgress } from '../../src/data/progress.js';
import type { DataConfig } from '../../src/plan/trial-config.js';
import { dataConfig, loadTexts, sequence, temporaryFolder } from './example-data.js';

const CONFIG = dataConfig({
  source: { file: 'a.csv' },
  format: 'csv',
  split: { train: 2, validation: null, test: 2, shuffle: true, seed: 'trial' },
});

/** A folder with a small table that was written an hour ago. */
async function folderWithTable(): Promise<string> {
  const folder = await temporaryFolder();
  await writeTable(folder, 'text,label\none,0\ntwo,1\nthree,0\nfour,1\n', 3600);
  return folder;
}

async function writeTable(folder: string, content: string, secondsAgo: number): Promise<void> {
  const then = Date.now() / 1000 - secondsAgo;
  await writeFile(path.join(folder, 'a.csv'), content);
  await utimes(path.join(folder, 'a.csv'), then, then);
}

async function cachedFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(path.join(folder, 'cache', 'datasets'));
  return names.map((name) => path.join(folder, 'cache', 'datasets', name));
}

/** Stages that were reported while loading. */
async function stagesOf(folder: string, config: DataConfig): Promise<ReadonlySet<string>> {
  const stages = new Set<string>();
  await loadTexts(folder, config, { onProgress: ({ stage }) => stages.add(stage) });
  return stages;
}

describe('the data cache', () => {
  it('gives back what was made, without reading the source', async () => {
    const folder = await folderWithTable();
    const made = await loadTexts(folder, CONFIG);
    expect(await stagesOf(folder, CONFIG)).toEqual(new Set());
    expect(await loadTexts(folder, CONFIG)).toEqual(made);
    expect(made.digest).toMatch(/^[0-9a-f]{64}$/);
    const bytes = await readFile(path.join(folder, 'a.csv'));
    expect(made.source_digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('tells settings apart that shape the splits, and no others', async () => {
    const folder = await folderWithTable();
    const { digest } = await loadTexts(folder, CONFIG);
    const digestOf = async (changes: Partial<DataConfig>, seed = 0) =>
      (await loadTexts(folder, { ...CONFIG, ...changes }, { seed })).digest;
    expect(await digestOf({ sequence: sequence({ length: 3 }) })).not.toBe(digest);
    expect(await digestOf({ labels: [1, 0] })).not.toBe(digest);
    expect(await digestOf({}, 1)).not.toBe(digest);
    expect(await digestOf({ sequence: sequence({ bucket: true, packed: true }) })).toBe(digest);
    expect(await digestOf({ match: 'unused' })).toBe(digest);
    const fixed = { ...CONFIG.split!, seed: 3 };
    expect(await digestOf({ split: fixed }, 1)).toBe(await digestOf({ split: fixed }, 2));
  });

  it('sees that a file has changed', async () => {
    const folder = await folderWithTable();
    const before = await loadTexts(folder, CONFIG);
    await writeTable(folder, 'text,label\neins,0\ntwo,1\nthree,0\nfour,1\n', 1800);
    const after = await loadTexts(folder, CONFIG);
    expect(after.source_digest).not.toBe(before.source_digest);
    expect(after.digest).not.toBe(before.digest);
  });

  it('is made once when several ask at the same time', async () => {
    const folder = await folderWithTable();
    let made = 0;
    const onProgress = ({ stage }: DataProgress): void => {
      if (stage === 'encode') made++;
    };
    const ask = () => loadTexts(folder, CONFIG, { onProgress });
    const all = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(made).toBe(1);
    for (const data of all) expect(data).toEqual(all[0]);
    expect(await cachedFiles(folder)).toHaveLength(1);
  });

  it('makes a damaged file anew, with a warning', async () => {
    const folder = await folderWithTable();
    const made = await loadTexts(folder, CONFIG);
    const [file] = await cachedFiles(folder);
    const bytes = await readFile(file!);
    for (const damage of [flipByte(bytes, bytes.length - 40), bytes.subarray(0, 100), Buffer.alloc(0)]) {
      await writeFile(file!, damage);
      const warnings: string[] = [];
      const again = await loadTexts(folder, CONFIG, { onWarning: (message) => warnings.push(message) });
      expect(again).toEqual(made);
      expect(warnings[0]).toContain('is damaged');
      expect(await readFile(file!)).toEqual(bytes);
    }
  });

  it('takes over the lock of a process that is gone, and of one that stands still', async () => {
    const folder = await folderWithTable();
    const made = await loadTexts(folder, CONFIG);
    const [file] = await cachedFiles(folder);
    await writeFile(file!, '');
    await writeFile(`${file}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'gone' }));
    expect(await loadTexts(folder, CONFIG)).toEqual(made);
    await writeFile(file!, '');
    await writeFile(`${file}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere', id: 'still' }));
    await utimes(`${file}.lock`, 1, 1);
    expect(await loadTexts(folder, CONFIG)).toEqual(made);
    expect(await cachedFiles(folder)).toEqual([file]);
  });

  it('stops waiting for another process when it is told to', async () => {
    const folder = await folderWithTable();
    await loadTexts(folder, CONFIG);
    const [file] = await cachedFiles(folder);
    await writeFile(file!, '');
    await writeFile(`${file}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), id: 'busy' }));
    const stop = new AbortController();
    const loading = loadTexts(folder, CONFIG, {
      signal: stop.signal,
      onProgress: ({ stage }) => stage === 'wait' && stop.abort(),
    });
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that cannot be written is the error of a setting', async () => {
    const folder = await folderWithTable();
    await writeFile(path.join(folder, 'cache'), 'a file where a folder should be');
    await expect(loadTexts(folder, CONFIG)).rejects.toMatchObject({
      code: 'DATA_CACHE',
      hint: 'Set SWEEPLINE_CACHE to a folder that can be written and has room.',
    });
  });
});

describe('a source file', () => {
  it('that is not there is told with its neighbours', async () => {
    const folder = await folderWithTable();
    await mkdir(path.join(folder, 'other'));
    await expect(loadTexts(folder, { ...CONFIG, source: { file: 'b.csv' } })).rejects.toMatchObject({
      message: `\`data.source.file\`: there is no ${path.join(folder, 'b.csv')}.`,
      hint: 'Did you mean "a.csv"?',
      code: 'DATA_NOT_FOUND',
    });
  });
});

function flipByte(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
}
