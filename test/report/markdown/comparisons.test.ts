import { describe, expect, test } from 'vitest';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import { summarise } from '../../../src/report/summarise.js';
import { endOtherwise, type SampleArm, type SampleRun, sampleRun, writeRun } from '../sample-run.js';

async function reportOf(run: SampleRun): Promise<string> {
  return renderMarkdown(summarise(await loadRun(writeRun(run))));
}

/** A section or sub-section, from its heading to the next of its level. */
function partOf(report: string, heading: string): string {
  const level = heading.slice(0, heading.indexOf(' ') + 1);
  return report.split(`\n${heading}\n\n`)[1]?.split(`\n\n${level}`)[0] ?? '';
}

const SEVEN: readonly SampleArm[] = [2, 3, 4, 5, 6, 7, 8].map((hidden) => ({
  id: `hidden-${hidden}`,
  label: `model.hidden=${hidden}`,
  settings: { 'model.hidden': hidden },
}));

describe('comparisons of many arms', () => {
  test('are with each other where the first failed and leaves few enough', async () => {
    const run = sampleRun({ arms: SEVEN });
    for (const seed of [0, 1, 2]) endOtherwise(run, `hidden-2-s${seed}`, { state: 'failed' });
    const report = await reportOf(run);
    expect(report).toContain('adjusted by Holm over all 15 comparisons');
    expect(report).not.toContain('No two arms');
  });

  test('are with the first that has two seeds', async () => {
    const run = sampleRun({
      arms: [...SEVEN, { id: 'hidden-9', label: 'model.hidden=9', settings: { 'model.hidden': 9 } }],
    });
    for (const seed of [0, 1]) endOtherwise(run, `hidden-2-s${seed}`, { state: 'failed' });
    const { comparisons } = summarise(await loadRun(writeRun(run)));
    expect([...new Set(comparisons.map(({ against }) => against))]).toEqual(['hidden-3']);
    expect(comparisons).toHaveLength(6);
  });

  test.each([
    ['en', 'No arm has two seeds in common with 2, which the others are to be compared with.'],
    ['zh', '其他配置应与 2 比较，但没有配置与其具有两个共同的种子。'],
  ])('name the baseline that none shares seeds with (%s)', async (language, text) => {
    const run = sampleRun({
      arms: SEVEN,
      pipeline: `report: { language: ${language}, baseline: { model.hidden: 2 } }\n`,
    });
    for (const seed of [0, 1, 2]) endOtherwise(run, `hidden-2-s${seed}`, { state: 'failed' });
    expect(await reportOf(run)).toContain(`\n\n${text}\n`);
  });
});

describe('the template `blocks`', () => {
  /** Of `tanh` and `relu` an LSTM makes no difference: they share their trials. */
  function sharing(report: string): SampleRun {
    const arms = ['rnn', 'lstm'].map((cell) => ({ id: cell, label: `${cell}, tanh`, settings: { cell } }));
    const run = sampleRun({ arms, pipeline: `report: { template: blocks${report} }\n` });
    const trial_ids = [0, 1, 2].map((seed) => `lstm-s${seed}`);
    const relu = { id: 'lstm-relu', label: 'lstm, relu', settings: { cell: 'lstm', x: 'relu' }, trial_ids };
    run.plan = { ...run.plan, arms: [...arms, relu] };
    return run;
  }

  test('compares an arm by the trials that it shares with another', async () => {
    const [lstm, relu] = (await reportOf(sharing(''))).match(/^Against .*$/gm)!;
    expect(lstm).toMatch(/^Against rnn, tanh: Test accuracy \+0\.\d{4} \(95 % interval .*\): better\. Training takes/);
    expect(relu).toBe(lstm);
  });

  test('compares with the trials that the baseline shares with another, and not with themselves', async () => {
    const report = await reportOf(sharing(', baseline: "lstm, relu"'));
    expect(partOf(report, '### rnn, tanh')).toMatch(/Against lstm, relu: Test accuracy −0\.\d{4} \(95 % interval/);
    expect(partOf(report, '### lstm, tanh')).toMatch(/\nThe same as lstm, relu, and the same trials\.$/);
    expect(report).not.toContain('one seed');
    const chinese = await reportOf(sharing(', baseline: "lstm, relu", language: zh'));
    expect(partOf(chinese, '### lstm, tanh')).toMatch(/\n与 lstm, relu 完全相同，共用同一组试验。$/);
  });

  test('does not take arms without common seeds for arms of one', async () => {
    const run = sampleRun({ seeds: [0, 1, 2, 3], pipeline: 'report: { template: blocks }\n' });
    for (const id of ['001-lstm-s0', '001-lstm-s1', '002-gru-s2', '002-gru-s3'])
      endOtherwise(run, id, { state: 'failed' });
    expect(partOf(await reportOf(run), '### gru')).toContain(
      'Against lstm: Test accuracy −0.0072; without a seed in common, whether that is chance cannot be said.',
    );
  });

  test('takes the difference of the one seed that arms have in common, and says that it is one', async () => {
    const run = sampleRun({ pipeline: 'report: { template: blocks }\n' });
    for (const id of ['001-lstm-s0', '002-gru-s2']) endOtherwise(run, id, { state: 'failed' });
    expect(partOf(await reportOf(run), '### gru')).toContain(
      'Test accuracy +0.0133; one seed cannot say whether that is chance.',
    );
  });
});
