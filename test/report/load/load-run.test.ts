import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ReportError } from '../../../src/errors.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import { summarise } from '../../../src/report/summarise.js';
import { endOtherwise, neverFinished, type SampleRun, sampleRun, writeRun } from '../sample-run.js';

async function reportOf(folder: string): Promise<string> {
  return renderMarkdown(summarise(await loadRun(folder)));
}

describe('a whole run folder', () => {
  test('has every trial with its result, and no problem', async () => {
    const run = await loadRun(writeRun(sampleRun()));
    expect(run.problems).toEqual([]);
    expect(run.trials.map(({ state }) => state)).toEqual(Array(6).fill('complete'));
    expect(run.clock).toEqual({ seconds: 125, ended: 'complete', executions: 1 });
    expect(run.sources).toEqual(['my mails.csv']);
  });

  test('adds up the time of executions, one that was killed until its last event', async () => {
    const run = sampleRun({ seeds: [0] });
    const [started, ...rest] = run.journal;
    run.journal = [started!, ...rest.slice(0, 3), started!, ...rest.slice(3)];
    expect((await loadRun(writeRun(run))).clock).toEqual({ seconds: 3 + 125, ended: 'complete', executions: 2 });
  });

  test('knows trials that failed, were interrupted and never started', async () => {
    const run = sampleRun();
    endOtherwise(run, '001-lstm-s1', {
      state: 'diverged',
      error: { code: 'DIVERGED', message: 'loss is NaN at step 12' },
    });
    neverFinished(run, '002-gru-s1', { started: true });
    neverFinished(run, '002-gru-s2', { started: false });
    const { trials, problems } = await loadRun(writeRun(run));
    expect(trials.map(({ state }) => state)).toEqual([
      'complete',
      'diverged',
      'complete',
      'complete',
      'interrupted',
      'pending',
    ]);
    expect(trials[4]!.last_epoch).toBe(1);
    expect(problems).toEqual([]);
  });
});

test('a run whose plan.json is of version 1 is read as one of version 2', async () => {
  const run = sampleRun();
  const folder = writeRun(run);
  const now = await loadRun(folder);
  expect(now.configs.get('001-lstm')).toEqual(run.plan.trials[0]!.config);
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(run.plan));
  expect(await loadRun(folder)).toEqual(now);
});

describe('a damaged run folder', () => {
  test.each(['plan.json', 'run.json', 'journal.ndjson', 'pipeline.yaml'])(
    'is read without %s, which is a problem',
    async (file) => {
      const folder = writeRun(sampleRun());
      rmSync(join(folder, file));
      const run = await loadRun(folder);
      expect(run.problems).toEqual([{ file, message: 'is missing' }]);
      expect(run.trials.map(({ state }) => state)).toEqual(Array(6).fill('complete'));
      expect(await reportOf(folder)).toContain(`- ${file}: is missing`);
    },
  );

  test.each(['plan.json', 'run.json', 'trials/001-lstm-s0/result.json'])(
    'is read with half of %s, which is a problem',
    async (file) => {
      const folder = writeRun(sampleRun());
      const path = join(folder, file);
      truncateSync(path, Math.floor(readFileSync(path).length / 2));
      const { problems } = await loadRun(folder);
      expect(problems).toEqual([{ file, message: 'is not JSON (half-written, or edited by hand)' }]);
      expect(await reportOf(folder)).toContain('## Results');
    },
  );

  test.each(['[]', '7', '"text"', 'null', '{}', '', '{"schema":1,"trials":[null,{}],"arms":{}}'])(
    'is read when every JSON file holds %s',
    async (text) => {
      const folder = writeRun(sampleRun());
      for (const file of ['plan.json', 'run.json', 'trials/001-lstm-s0/result.json'])
        writeFileSync(join(folder, file), text);
      expect((await loadRun(folder)).problems.length).toBeGreaterThan(0);
      expect(await reportOf(folder)).toContain('## Problems with the run folder');
    },
  );

  test('is read when a result has fields of other types, each of which is a problem', async () => {
    const run = sampleRun({ seeds: [0] });
    const result = run.results.get('001-lstm-s0')!;
    run.results.set('001-lstm-s0', {
      ...result,
      ...({
        timing: { train_seconds: 'long' },
        epochs: [null, { epoch: 1 }],
        warnings: 'none',
        data: [],
        engine: 7,
      } as object),
    });
    const { problems } = await loadRun(writeRun(run));
    const messages = problems.map(({ message }) => message);
    expect(messages).toContain('expected a number at timing.train_seconds, found "long"');
    expect(messages).toContain('expected an object at epochs[0], found null');
    expect(messages).toContain('expected a list at warnings, found "none"');
    expect(messages).toContain('expected an object at data, found a list');
    expect(messages).toContain('expected an object at engine, found 7');
    expect(await reportOf(writeRun(run))).toContain('and ');
  });

  test('drops a torn last line of the journal and lists a damaged one', async () => {
    const folder = writeRun(sampleRun());
    const journal = join(folder, 'journal.ndjson');
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, [lines[0], '{"time":', ...lines.slice(1)].join('\n'));
    appendFileSync(journal, '{"time":"2026-11-22T09');
    const { problems, clock } = await loadRun(folder);
    expect(problems).toEqual([{ file: 'journal.ndjson', message: 'line 2 cannot be read and is left out' }]);
    expect(clock.ended).toBe('complete');
  });

  test('leaves out a result of another configuration', async () => {
    const run = sampleRun();
    run.results.set('001-lstm-s0', { ...run.results.get('001-lstm-s0')!, hash: 'f'.repeat(64) });
    const { trials, problems } = await loadRun(writeRun(run));
    expect(trials[0]).toMatchObject({ state: 'failed', result: null, error: 'its result is missing or damaged' });
    expect(problems[0]).toEqual({
      file: 'trials/001-lstm-s0/result.json',
      message: 'belongs to another configuration than the plan says, and is left out',
    });
  });

  test('does not follow a trial id out of the folder', async () => {
    const run = sampleRun();
    const trials = run.plan.trials.map((trial, i) => (i === 0 ? { ...trial, id: '../../etc' } : trial));
    const folder = writeRun(run);
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...run.plan, trials }));
    const { problems } = await loadRun(folder);
    expect(problems[0]?.message).toContain('expected a trial id that is safe as a file name');
  });

  test('reads a pipeline that is no YAML as one without a report block', async () => {
    const { problems, settings } = await loadRun(writeRun(sampleRun({ pipeline: 'report: [\n' })));
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toContain('cannot be parsed');
    expect(settings.language).toBe('en');
  });
});

describe('a folder that gives no report', () => {
  test('is refused when it holds nothing of a run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sweepline-report-'));
    await expect(loadRun(folder)).rejects.toThrow(
      'expected a run folder, found neither plan.json nor run.json nor trials/',
    );
  });

  test('is refused when it is not there', async () => {
    await expect(loadRun('/nowhere/at/all')).rejects.toThrow('expected a run folder, found nothing at /nowhere/at/all');
  });

  test.each([
    ['plan.json', '1 or 2'],
    ['run.json', '1'],
    ['trials/001-lstm-s0/result.json', '1'],
  ])('is refused when %s has an unknown version', async (file, known) => {
    const folder = writeRun(sampleRun());
    const path = join(folder, file);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), schema: 3 }));
    const error = await loadRun(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReportError);
    expect(error).toMatchObject({
      code: 'REPORT_SCHEMA_VERSION',
      message: `cannot read ${path}: expected schema version ${known}, found 3`,
    });
  });
});

describe('the report block', () => {
  test('is the resolved one of plan.json where there is one, else the pipeline’s', async () => {
    const run = sampleRun({
      pipeline: 'description: From the file.\nreport: { title: From the file, notes: [One, 7] }\n',
    });
    const fromFile = (await loadRun(writeRun(run))).settings;
    expect(fromFile).toMatchObject({ title: 'From the file', description: 'From the file.', notes: ['One'] });
    run.plan = { ...run.plan, report: { title: 'Resolved', sections: { epochs: false } } } as SampleRun['plan'];
    const resolved = (await loadRun(writeRun(run))).settings;
    expect(resolved.title).toBe('Resolved');
    expect(resolved.sections).toMatchObject({ epochs: false, results: true });
  });

  test('knows anchors and merge keys', async () => {
    const pipeline = 'base: &base { title: Merged }\nreport: { <<: *base, language: zh }\n';
    expect((await loadRun(writeRun(sampleRun({ pipeline })))).settings).toMatchObject({
      title: 'Merged',
      language: 'zh',
    });
  });
});

test('an empty run folder with only trials/ still gives a report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-report-'));
  mkdirSync(join(folder, 'trials'));
  expect(await reportOf(folder)).toContain('No trials: the plan is empty.');
});
