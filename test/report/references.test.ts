import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.js';
import type { ReportData } from '../../src/report/report-data.js';
import { summarise } from '../../src/report/summarise.js';
import { type SampleRun, sampleRun, writeRun } from './sample-run.js';

/** A report of the sample, whose LSTM reaches a test accuracy of 0.81 ± 0.01. */
async function reportOn(figure: string, plan: Partial<SampleRun['plan']> = {}): Promise<ReportData> {
  const pipeline = `report:
  reference:
    - { arm: { model.cell: lstm }, metrics: { test.accuracy: ${figure} }, source: Paper A }
`;
  const run = sampleRun({ pipeline });
  run.plan = { ...run.plan, ...plan };
  return summarise(await loadRun(writeRun(run)));
}

describe('a published figure', () => {
  test.each([
    ['0.80', 2, '0.80 ✓'],
    ['0.8', 1, '0.8 ✓'],
    ['0.90', 2, '0.90 (−0.09)'],
    ['0.900', 3, '0.900 (−0.090)'],
    ['9.0e-1', 2, '0.90 (−0.09)'],
    ['1.0', 1, '1.0 (−0.19)'],
    ['1', 0, '1 ✓'],
  ])('of %s is rounded to the digits that are written, and shown with them', async (figure, decimals, shown) => {
    const data = await reportOn(figure);
    expect(data.references).toMatchObject([{ value: Number(figure), decimals, covered: shown.endsWith('✓') }]);
    expect(renderMarkdown(data)).toContain(` ${shown} |`);
  });

  test('of a plan has the decimals that the plan says', async () => {
    const entry = { arm: { 'model.cell': 'lstm' }, metrics: { 'test.accuracy': 0.9 }, source: 'Paper A' };
    const reference = [{ ...entry, decimals: { 'test.accuracy': 3 } }];
    const data = await reportOn('0.90', { report: { reference } });
    expect(data.references).toMatchObject([{ decimals: 3, covered: false }]);
  });

  test('of a plan that says none has those of the pipeline that stands beside it', async () => {
    const entry = { arm: { 'model.cell': 'lstm' }, metrics: { 'test.accuracy': 0.9 }, source: 'Paper A' };
    const plan: Partial<SampleRun['plan']> = { report: { reference: [entry] } };
    expect((await reportOn('0.90', plan)).references).toMatchObject([{ decimals: 2 }]);
    // Another figure tells nothing about this one.
    expect((await reportOn('0.9500', plan)).references).toMatchObject([{ decimals: 1 }]);
  });

  test('has as many decimals as any other of the same source and metric', async () => {
    const run = sampleRun({
      pipeline: `report:
  reference:
    - { arm: { model.cell: lstm }, metrics: { test.accuracy: 1 }, source: A }
    - { arm: { model.cell: gru }, metrics: { test.accuracy: 0.50, test.loss: 1 }, source: A }
`,
    });
    const { references } = summarise(await loadRun(writeRun(run)));
    expect(references.map(({ decimals }) => decimals)).toEqual([2, 2, 0]);
  });
});
