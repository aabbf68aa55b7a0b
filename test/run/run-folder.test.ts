import { lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { removeLeftovers, surveyLeftovers } from '../../src/run/clean-runs.js';
import { createRun } from '../../src/run/create-run.js';
import { listRuns, openRun } from '../../src/run/open-run.js';
import { RunFolder } from '../../src/run/run-folder.js';
import { sampleFolder, sampleInfo, samplePlan, sampleTrial } from './sample-run.js';

async function create(runsFolder: string, suffixes: readonly string[], second = 0): Promise<RunFolder> {
  const left = [...suffixes];
  return createRun({
    runsFolder,
    plan: samplePlan(2),
    pipeline: 'name: sample\n',
    info: sampleInfo,
    now: new Date(2026, 10, 22, 9, 30, second),
    suffix: () => left.shift()!,
  });
}

describe('a new run', () => {
  test('holds the pipeline, the plan and where it ran, under a name of its time', async () => {
    const runs = join(await sampleFolder(), 'runs');
    const folder = await create(runs, ['3f9c']);
    expect(folder.id).toBe('20261122-093000-sample-3f9c');
    expect((await readdir(folder.path)).sort()).toEqual([
      'journal.ndjson',
      'pipeline.yaml',
      'plan.json',
      'run.json',
      'trials',
    ]);
    expect(await folder.readPipeline()).toBe('name: sample\n');
    expect(await folder.readPlan()).toEqual(samplePlan(2));
    expect(await folder.readInfo()).toMatchObject({
      schema: 1,
      id: folder.id,
      name: 'sample',
      command: ['sweep', 'sample.yaml'],
    });
    expect(await readdir(runs)).toEqual([folder.id, 'latest']);
  });

  test('never takes the name of another', async () => {
    const runs = await sampleFolder();
    const first = await create(runs, ['aaaa']);
    const second = await create(runs, ['aaaa', 'bbbb']);
    expect(second.id).toBe('20261122-093000-sample-bbbb');
    expect((await first.readInfo()).id).toBe(first.id);
    expect((await second.readInfo()).id).toBe(second.id);
  });

  test('is what `latest` links to, by a relative link', async () => {
    const runs = await sampleFolder();
    await create(runs, ['aaaa']);
    const second = await create(runs, ['bbbb'], 1);
    expect(await readlink(join(runs, 'latest'))).toBe(second.id);
  });

  test('says why it cannot be made', async () => {
    const file = join(await sampleFolder(), 'file');
    await writeFile(file, '');
    await expect(create(join(file, 'runs'), ['aaaa'])).rejects.toMatchObject({
      code: 'RUN_FOLDER',
      message: expect.stringContaining(`cannot create a run folder in ${join(file, 'runs')}`),
    });
  });

  test('leaves a folder that is called `latest` alone', async () => {
    const runs = await sampleFolder();
    await mkdir(join(runs, 'latest'));
    await writeFile(join(runs, 'latest', 'mine'), '');
    await create(runs, ['aaaa']);
    expect((await lstat(join(runs, 'latest'))).isDirectory()).toBe(true);
    expect((await readdir(runs)).length).toBe(2);
  });
});

describe('opening a run', () => {
  test('works by id, by the beginning of an id, by path and as the latest', async () => {
    const runs = await sampleFolder();
    const first = await create(runs, ['aaaa']);
    const second = await create(runs, ['bbbb'], 1);
    for (const reference of [first.id, '20261122-093000', first.path]) {
      expect((await openRun(reference, runs)).id, reference).toBe(first.id);
    }
    expect((await openRun('latest', runs)).id).toBe(second.id);
    expect((await openRun(join(runs, 'latest'), 'elsewhere')).id).toBe(second.id);
    await rm(join(runs, 'latest'));
    expect((await openRun('latest', runs)).id).toBe(second.id);
    expect(await listRuns(runs)).toEqual([first.id, second.id]);
  });

  test('works for a run that was moved and linked; other names of a run here are no runs', async () => {
    const [runs, elsewhere] = [await sampleFolder(), await sampleFolder()];
    const moved = await create(runs, ['aaaa']);
    const kept = await create(runs, ['bbbb'], 1);
    await rename(moved.path, join(elsewhere, moved.id));
    await symlink(join(elsewhere, moved.id), moved.path);
    await symlink(kept.id, join(runs, 'favourite'));
    expect(await listRuns(runs)).toEqual([moved.id, kept.id]);
    expect((await openRun('20261122-093000', runs)).path).toBe(join(elsewhere, moved.id));
    expect((await openRun('favourite', runs)).id).toBe(kept.id);
    const later = Date.now() + 1000;
    expect(await surveyLeftovers(runs, { olderThanMs: 0, now: later })).toMatchObject([
      { what: 'run', path: kept.path },
    ]);
    await removeLeftovers(runs, await surveyLeftovers(runs, { olderThanMs: 0, now: later }));
    expect(await listRuns(runs)).toEqual([moved.id]);
    expect(await readdir(join(elsewhere, moved.id))).toContain('plan.json');
    expect(await readlink(join(runs, 'latest'))).toBe(moved.id);
  });

  test('names the runs when several or none answer', async () => {
    const runs = await sampleFolder();
    await create(runs, ['aaaa']);
    await create(runs, ['bbbb'], 1);
    await expect(openRun('2026', runs)).rejects.toThrow(
      '"2026" begins 2 runs: 20261122-093001-sample-bbbb, 20261122-093000-sample-aaaa',
    );
    await expect(openRun('nothing', runs)).rejects.toMatchObject({
      message: `expected a run, found none that is called "nothing" in ${runs}`,
      hint: 'there is 20261122-093001-sample-bbbb, 20261122-093000-sample-aaaa',
    });
    await expect(openRun('latest', join(runs, 'none'))).rejects.toMatchObject({ code: 'RUN_MISSING' });
  });
});

describe('a run folder', () => {
  test('gives no path outside itself', () => {
    const folder = new RunFolder('/runs/one');
    expect(folder.trial('001-lstm-s0').result).toBe('/runs/one/trials/001-lstm-s0/result.json');
    for (const id of ['..', '../up', 'a/b', '/etc', 'a\\b', '', '.hidden', '-rf', 'a\0b', 'x'.repeat(201)]) {
      expect(() => folder.trial(id), id).toThrow('expected a trial id that is safe as a file name');
    }
  });

  test('has no result where the file is torn or belongs to another configuration', async () => {
    const folder = await create(await sampleFolder(), ['aaaa']);
    const trial = sampleTrial(0);
    expect(await folder.readResult(trial)).toBeNull();
    const { result } = await folder.prepareTrial({ schema: 1, trial, working_directory: '/' });
    await writeFile(result, '{"schema": 1, "trial": "001-lstm-s0", "ha');
    expect(await folder.readResult(trial)).toBeNull();
    await writeFile(result, JSON.stringify({ schema: 1, trial: trial.id, hash: 'other' }));
    expect(await folder.readResult(trial)).toBeNull();
    const whole = {
      schema: 1,
      trial: trial.id,
      hash: trial.hash,
      state: 'complete',
      metrics: {},
      epochs: [],
      timing: {},
    };
    for (const text of ['null', '[]', '1', '{}', JSON.stringify({ ...whole, metrics: null })]) {
      await writeFile(result, text);
      expect(await folder.readResult(trial), text).toBeNull();
    }
    await writeFile(result, JSON.stringify(whole));
    expect(await folder.readResult(trial)).toMatchObject({ state: 'complete' });
  });

  test('reads the epochs of a trial once each and drops a torn line', async () => {
    const folder = await create(await sampleFolder(), ['aaaa']);
    const { metrics } = await folder.prepareTrial({ schema: 1, trial: sampleTrial(0), working_directory: '/' });
    await writeFile(metrics, '{"epoch":1,"lr":1}\nnull\n{"epoch":2,"lr":1}\n{"epoch":2,"lr":2}\n{"epoch":3');
    expect(await folder.readEpochs('001-lstm-s0')).toEqual([
      { epoch: 1, lr: 1 },
      { epoch: 2, lr: 2 },
    ]);
  });

  test('says which file is damaged', async () => {
    const folder = await create(await sampleFolder(), ['aaaa']);
    await writeFile(folder.planFile, '{');
    await expect(folder.readPlan()).rejects.toThrow(`cannot read ${folder.planFile}: not JSON`);
    await writeFile(folder.planFile, '{"schema": 3}');
    await expect(folder.readPlan()).rejects.toThrow('expected "schema": 1 or 2, found 3');
    await writeFile(folder.infoFile, '{"schema": 1}');
    await expect(folder.readInfo()).rejects.toThrow(`cannot read ${folder.infoFile}: no working_directory`);
    await rm(folder.infoFile);
    await expect(folder.readInfo()).rejects.toThrow('no such file');
  });

  test('is written without leaving anything aside', async () => {
    const folder = await create(await sampleFolder(), ['aaaa']);
    await folder.writeReport('# One\n');
    await folder.writeReport('# Two\n');
    expect(await readFile(folder.reportFile, 'utf8')).toBe('# Two\n');
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
