import { writeFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputDigests } from '../../src/data/input-digests.js';
import { loadDataset } from '../../src/data/load-dataset.js';
import { loadWordVectors } from '../../src/data/word-vectors.js';
import type { DataConfig, TrialConfig } from '../../src/plan/trial-config.js';
import { modelConfig } from '../train/configs.js';
import { dataConfig, temporaryFolder } from './example-data.js';

const TABLE = 'text,label\none,0\ntwo,1\nthree,0\nfour,1\n';
const CONFIG = dataConfig({
  source: { file: 'a.csv' },
  format: 'csv',
  split: { train: 2, validation: null, test: 2, shuffle: true, seed: 0 },
});

function trialConfig(data: DataConfig, embedding: object = {}): TrialConfig {
  const model = modelConfig({});
  return { data, model: { ...model, embedding: { ...(model.embedding as object), ...embedding } } } as TrialConfig;
}

const optionsIn = (folder: string) => ({
  working_directory: folder,
  cache_directory: path.join(folder, 'cache'),
});

/** Loads a folder's table as a trial does that was planned on these bytes. */
const load = (folder: string, planned: string | null, config = CONFIG, onProgress?: () => void) =>
  loadDataset(config, {
    ...optionsIn(folder),
    task: 'classification',
    seed: 0,
    planned_digest: planned,
    onProgress,
  });

describe('data that changed after it was planned on', () => {
  it('is refused, by the file and both digests, before it is encoded', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'a.csv'), TABLE);
    const { data: planned } = await inputDigests(trialConfig(CONFIG), optionsIn(folder));
    expect((await load(folder, planned)).source_digest).toBe(planned);
    await writeFile(path.join(folder, 'a.csv'), TABLE.replaceAll(',0', ',2'));
    const { data: found } = await inputDigests(trialConfig(CONFIG), optionsIn(folder));
    let encoded = false;
    const changed = load(folder, planned, CONFIG, () => {
      encoded = true;
    });
    await expect(changed).rejects.toMatchObject({
      code: 'DATA_CHANGED',
      message: `\`data.source.file\`: ${folder}/a.csv is not what the run was planned on: expected sha256 ${planned}, found ${found}.`,
      hint: 'Put the old file back and go on with `sweep resume`, or start a new run, which reads the new one.',
    });
    expect(encoded).toBe(false);
    await expect(
      inputDigests(trialConfig(CONFIG), { ...optionsIn(folder), planned: { data: planned, vectors: null } }),
    ).rejects.toMatchObject({ code: 'DATA_CHANGED' });
    // Who was not told what to expect takes what is there.
    expect((await load(folder, null)).source_digest).toBe(found);
  });

  it('is refused where it is one file of a folder', async () => {
    const folder = await temporaryFolder();
    for (const label of ['ham', 'spam']) {
      await mkdir(path.join(folder, 'mails', label), { recursive: true });
      for (const n of [1, 2]) await writeFile(path.join(folder, 'mails', label, `${n}.txt`), `${label} ${n}`);
    }
    const config = dataConfig({
      source: { file: 'mails' },
      format: 'folders',
      train: { ham: ['ham'], spam: ['spam'] },
      split: CONFIG.split,
    });
    const { data: planned } = await inputDigests(trialConfig(config), optionsIn(folder));
    await expect(load(folder, planned, config)).resolves.toMatchObject({ source_digest: planned });
    await writeFile(path.join(folder, 'mails', 'ham', '2.txt'), 'spam after all');
    await expect(load(folder, planned, config)).rejects.toMatchObject({ code: 'DATA_CHANGED' });
  });

  it('is refused as word vectors', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'a.csv'), TABLE);
    await writeFile(path.join(folder, 'glove.txt'), 'one 1 2\ntwo 3 4\n');
    const pretrained = { source: { file: 'glove.txt' }, member: null, format: 'glove' } as const;
    const config = trialConfig(CONFIG, { dim: 2, pretrained });
    const planned = await inputDigests(config, optionsIn(folder));
    await writeFile(path.join(folder, 'glove.txt'), 'one 5 6\ntwo 7 8\n');
    const vocabulary = { tokens: ['one', 'two'], padding: null, unknown: null };
    const options = { ...optionsIn(folder), vocabulary, dim: 2 } as Parameters<typeof loadWordVectors>[1];
    await expect(loadWordVectors(pretrained, { ...options, planned_digest: planned.vectors })).rejects.toMatchObject({
      code: 'DATA_CHANGED',
      message: expect.stringContaining('`model.embedding.pretrained.source.file`: '),
    });
    await expect(inputDigests(config, { ...optionsIn(folder), planned })).rejects.toMatchObject({
      code: 'DATA_CHANGED',
    });
    await expect(loadWordVectors(pretrained, options)).resolves.toMatchObject({ coverage: 1 });
  });

  it('is not cached where it changes as it is read', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.csv');
    await writeFile(file, TABLE);
    const reading = load(folder, null, CONFIG, () => writeFileSync(file, TABLE.replaceAll(',0', ',2')));
    await expect(reading).rejects.toMatchObject({
      code: 'DATA_CHANGED',
      message: `\`data.source.file\`: ${file} changed while it was read.`,
    });
    expect(await readdir(path.join(folder, 'cache', 'datasets'))).toEqual([]);
  });
});
