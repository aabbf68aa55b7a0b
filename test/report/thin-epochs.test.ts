import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadRun } from '../../src/report/load/load-run.js';
import { readReportText } from '../../src/report/load/read-report-file.js';
import { renderMarkdown } from '../../src/report/markdown/render-markdown.js';
import { renderJson } from '../../src/report/render-json.js';
import { summarise } from '../../src/report/summarise.js';
import { thinned } from '../../src/report/thin-epochs.js';
import { drawFiguresOf } from '../../src/report/write-report.js';
import { type SampleRun, sampleRun, writeRun } from './sample-run.js';

function upTo(last: number, step = 1): readonly number[] {
  return Array.from({ length: last / step }, (_, i) => (i + 1) * step);
}

/** A run of 500 epochs, evaluated every so often and after the last. */
function longRun(every: number, pipeline = 'name: sample\n'): SampleRun {
  const run = sampleRun({ pipeline });
  for (const result of run.results.values()) {
    const { test: evaluated, ...unevaluated } = result.epochs[0]!;
    const epochs = upTo(500).map((epoch) => ({
      ...unevaluated,
      epoch,
      train: { ...unevaluated.train, loss: 1 / (epoch + result.seed) },
      ...(epoch % every === 0 || epoch === 500 ? { test: { ...evaluated!, loss: 2 / (epoch + result.seed) } } : {}),
    }));
    run.results.set(result.trial, { ...result, epochs });
  }
  return run;
}

describe('epochs of a long training', () => {
  test('are thinned to multiples of a round number, with the first and the last', () => {
    expect(thinned(upTo(500), 20)).toEqual([1, ...upTo(500, 25)]);
    expect(thinned(upTo(500), 100)).toEqual([1, ...upTo(500, 5)]);
    expect(thinned([...upTo(60), 61], 12)).toEqual([1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 61]);
    expect(thinned([], 10)).toEqual([]);
  });

  test('are what they were when thinned again, and no more than asked for beside the ends', () => {
    const epochs = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 400 });
    fc.assert(
      fc.property(epochs, fc.integer({ min: 1, max: 100 }), (some, most) => {
        const once = thinned(
          [...some].sort((a, b) => a - b),
          most,
        );
        expect(thinned(once, most)).toEqual(once);
        expect(once.length).toBeLessThanOrEqual(most + 2);
        expect(once.at(-1)).toBe(some.length === 0 ? undefined : Math.max(...some));
      }),
    );
  });

  test('are in a report with the first, the last and those that were evaluated', async () => {
    const { arms } = summarise(await loadRun(writeRun(longRun(7))));
    const kept = arms[0]!.epochs.map(({ epoch }) => epoch);
    expect(kept).toEqual([...new Set([1, ...upTo(500, 5), ...upTo(497, 7)])].sort((a, b) => a - b));
    expect(arms[0]!.epochs.filter(({ metrics }) => 'test.loss' in metrics)).toHaveLength(72);
  });

  test('leave short trainings as they are', async () => {
    const { arms } = summarise(await loadRun(writeRun(sampleRun())));
    expect(arms[0]!.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  test.each(['comparison', 'epochs', 'blocks'])(
    'give the same report from the run and from its JSON, laid out as %s',
    async (template) => {
      const ofRun = summarise(await loadRun(writeRun(longRun(7, `report: { template: ${template} }\n`))));
      const json = renderJson(ofRun);
      const ofJson = await readReportText(json, 'report.json');
      expect(renderMarkdown(ofJson)).toBe(renderMarkdown(ofRun));
      expect(await drawFiguresOf(ofJson)).toEqual(await drawFiguresOf(ofRun));
      expect(renderJson(ofJson)).toBe(json);
      expect(json.match(/\{"epoch":/g)!.length).toBeLessThan(2 * 180);
    },
  );
});
