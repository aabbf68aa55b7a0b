import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../../src/report/compare/compare-runs.js';
import { renderComparison } from '../../../src/report/compare/render-comparison.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import type { ReportData } from '../../../src/report/report-data.js';
import { summarise } from '../../../src/report/summarise.js';
import { type SampleRun, sampleRun, writeRun } from '../sample-run.js';

/** The sample, its accuracies moved by so much, seed by seed. */
function moved(by: (seed: number) => number): SampleRun {
  const run = sampleRun();
  for (const result of run.results.values()) {
    const test = result.metrics.test!;
    const metrics = { test: { ...test, accuracy: test.accuracy! + by(result.seed) } };
    run.results.set(result.trial, { ...result, metrics, weights_digest: 'f'.repeat(64) });
  }
  run.info = { ...run.info, id: '20261123-090000-sample-aaaa', sweepline: '0.2.0' };
  return run;
}

async function dataOf(run: SampleRun): Promise<ReportData> {
  return summarise(await loadRun(writeRun(run)));
}

describe('runs compared', () => {
  test('arm by arm, paired by seed, with what differs between them', async () => {
    const runs = [await dataOf(sampleRun()), await dataOf(moved((seed) => -0.02 - seed * 0.0001))];
    const comparison = compareRuns(runs)!;
    expect(comparison.changes).toEqual([{ fact: 'sweepline', values: ['0.1.0', '0.2.0'] }]);
    const [lstm] = comparison.arms;
    expect(lstm!.comparisons[1]).toMatchObject({ n: 3, told_apart: true });
    expect(lstm!.comparisons[1]!.difference).toBeCloseTo(-0.0201, 6);
    const text = renderComparison(comparison, 'en');
    expect(text).toContain('| Sweepline | 0.1.0 | 0.2.0 |');
    expect(text).toMatch(
      /\| model\.cell=lstm \| 0\.8100 ± 0\.0100 \| 0\.7899 ± 0\.0099 \| −0\.0201 \(.*\) \| +(< )?0\.00\d \| worse +\|/,
    );
  });

  test('say when a difference may be chance, and when there is none at all', async () => {
    const noisy = compareRuns([await dataOf(sampleRun()), await dataOf(moved((seed) => (seed - 1) * 0.01))])!;
    expect(renderComparison(noisy, 'en')).toContain('| not told apart |');
    const same = renderComparison(compareRuns([await dataOf(sampleRun()), await dataOf(sampleRun())])!, 'en');
    expect(same).toContain('the same weights, bit for bit');
    expect(same).toContain('Code, versions, machine, engine, data, seeds and command are the same.');
  });

  test('name engines in the language of the report', async () => {
    const other = sampleRun();
    for (const result of other.results.values()) {
      const engine = { name: 'wasm', variant: 'simd', threads: 1, device: 'cpu' } as const;
      other.results.set(result.trial, { ...result, engine });
    }
    const comparison = compareRuns([await dataOf(sampleRun()), await dataOf(other)])!;
    expect(renderComparison(comparison, 'en')).toContain('| native (avx2), 1 thread | wasm (simd), 1 thread |');
    const text = renderComparison(comparison, 'zh');
    expect(text).toContain('| native (avx2)，1 线程 | wasm (simd)，1 线程 |');
    expect(text).not.toContain('thread');
  });

  test('keep arms that only one of them has', async () => {
    const one = await dataOf(sampleRun({ arms: sampleRun().plan.arms.slice(0, 1) }));
    const comparison = compareRuns([await dataOf(sampleRun()), one])!;
    expect(comparison.arms[1]!.summaries).toMatchObject([{ n: 3 }, null]);
    expect(renderComparison(comparison, 'zh')).toContain('并非两者皆有');
  });
});
