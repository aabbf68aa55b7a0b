import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import { renderJson } from '../../src/report/render-json.js';
import { summarise } from '../../src/report/summarise.js';
import { type PlanFile, planText } from '../../src/run/plan-file.js';
import { errorsOf } from '../run-schema.js';
import { endOtherwise, neverFinished, type SampleRun, sampleRun, writeRun } from './sample-run.js';

const run = sampleRun();
const [result] = run.results.values();
const trial = run.plan.trials[0]!;
const planned = JSON.parse(planText(run.plan)) as PlanFile;

describe('the files of a run folder', () => {
  test('are as the schema says', () => {
    expect(errorsOf('plan', JSON.parse(planText(run.plan)))).toEqual([]);
    expect(errorsOf('planOfVersion1', run.plan)).toEqual([]);
    expect(errorsOf('run', run.info)).toEqual([]);
    expect(errorsOf('run', { ...run.info, git: null })).toEqual([]);
    expect(errorsOf('result', result)).toEqual([]);
    expect(errorsOf('result', { ...result!, data: { ...result!.data!, vector_coverage: 0.94 } })).toEqual([]);
    expect(errorsOf('config', { schema: 1, trial, working_directory: '/home/ada' })).toEqual([]);
    for (const epoch of result!.epochs) expect(errorsOf('epoch', epoch)).toEqual([]);
    for (const line of run.journal) expect(errorsOf('journalEvent', line)).toEqual([]);
  });

  test('may have figures that are no numbers, and fail for a reason', () => {
    const diverged = {
      ...result!,
      state: 'diverged',
      metrics: { test: { loss: Number.NaN } },
      engine: null,
      model: null,
      data: null,
    };
    expect(errorsOf('result', { ...diverged, error: { code: 'DIVERGED', message: 'NaN at step 3' } })).toEqual([]);
  });

  test.each<readonly [string, string, unknown]>([
    ['a plan of another version', 'plan', { ...planned, schema: 3 }],
    ['a plan without arms', 'plan', { schema: 2, name: 'x', configs: [], trials: [] }],
    ['a hash that is none', 'plan', { ...planned, trials: [{ ...planned.trials[0], hash: 'short' }] }],
    ['a run with a time that is none', 'run', { ...run.info, started: 'yesterday' }],
    ['a run with an unknown key', 'run', { ...run.info, colour: 'red' }],
    ['a state that is none', 'result', { ...result!, state: 'perfect' }],
    ['a split that is none', 'result', { ...result!, metrics: { dev: { loss: 1 } } }],
    ['a metric that is a text', 'result', { ...result!, metrics: { test: { loss: 'low' } } }],
    ['an epoch 0', 'epoch', { ...result!.epochs[0]!, epoch: 0 }],
    ['an unknown event', 'journalEvent', { time: '2026-11-22T09:00:00.000Z', event: 'slept' }],
    ['an event without its trial', 'journalEvent', { time: '2026-11-22T09:00:00.000Z', event: 'queued' }],
  ])('are not %s', (_, definition, document) => {
    expect(errorsOf(definition, document)).not.toEqual([]);
  });
});

describe('the report as JSON', () => {
  async function jsonOf(sample: SampleRun): Promise<unknown> {
    return JSON.parse(renderJson(summarise(await loadRun(writeRun(sample)))));
  }

  const broken = sampleRun({ pipeline: 'report: { reference: [{ arm: base, metrics: { test.accuracy: 0.50 } }] }' });
  endOtherwise(broken, '001-lstm-s0', { state: 'failed', error: { code: 'X', message: 'lost', hint: 'find it' } });
  neverFinished(broken, '001-lstm-s1', { started: true });
  neverFinished(broken, '001-lstm-s2', { started: false });
  const empty = sampleRun({ arms: [] });
  const notNumbers = sampleRun();
  for (const [id, entry] of notNumbers.results) {
    notNumbers.results.set(id, { ...entry, metrics: { test: { loss: Number.NaN, accuracy: Number.NaN } } });
  }

  const huge = sampleRun();
  for (const [id, entry] of huge.results) {
    const loss = Number.MAX_VALUE / (1 + entry.seed + (entry.arm === '001-lstm' ? 0 : 0.5));
    huge.results.set(id, { ...entry, metrics: { test: { loss } } });
  }

  const withVectors = sampleRun();
  for (const [id, entry] of withVectors.results) {
    withVectors.results.set(id, { ...entry, data: { ...entry.data!, vector_coverage: 0.94 } });
  }

  test.each<readonly [string, SampleRun]>([
    ['a complete run', run],
    ['pretrained vectors', withVectors],
    ['figures at the end of the range of numbers', huge],
    ['one seed', sampleRun({ seeds: [0] })],
    ['trials that failed, stopped and never started', broken],
    ['an empty run', empty],
    ['figures that are no numbers', notNumbers],
  ])('is as the schema says for %s', async (_, sample) => {
    expect(errorsOf('report', await jsonOf(sample))).toEqual([]);
  });

  test('is refused by the schema when a part is missing', async () => {
    const { arms: _, ...rest } = (await jsonOf(run)) as { arms: unknown };
    expect(errorsOf('report', rest)).toEqual([" must have required property 'arms'"]);
  });
});
