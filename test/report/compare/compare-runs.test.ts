import { describe, expect, test } from 'vitest';
import { type ComparedRun, compareRuns, type RunsComparison } from '../../../src/report/compare/compare-runs.js';
import { renderComparison } from '../../../src/report/compare/render-comparison.js';
import { loadRun } from '../../../src/report/load/load-run.js';
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

async function dataOf(run: SampleRun): Promise<ComparedRun> {
  const loaded = await loadRun(writeRun(run));
  return { data: summarise(loaded), configs: loaded.configs };
}

/** The sample with other sections in the configurations of its arms. */
function configured(sections: (arm: string) => object): SampleRun {
  const run = sampleRun();
  const trials = run.plan.trials.map((trial) => ({ ...trial, config: { ...trial.config, ...sections(trial.arm) } }));
  run.plan = { ...run.plan, trials };
  return run;
}

async function comparisonWith(...others: readonly SampleRun[]): Promise<RunsComparison> {
  return compareRuns(await Promise.all([sampleRun(), ...others].map(dataOf)))!;
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
    expect(same).toContain('Code, versions, machine, engine, data, seeds, command and configurations are the same.');
  });

  test('say how many seeds they have in common where these are too few', async () => {
    const [first, none, one] = [
      [0, 1],
      [2, 3],
      [1, 2],
    ].map((seeds) => sampleRun({ seeds }));
    for (const result of one!.results.values())
      one!.results.set(result.trial, { ...result, weights_digest: 'f'.repeat(64) });
    const comparison = compareRuns(await Promise.all([first!, none!, one!].map(dataOf)))!;
    const row = (language: 'en' | 'zh') =>
      renderComparison(comparison, language).match(/^\| model\.cell=lstm .*$/m)![0];
    expect(row('en')).toMatch(/\| no seed in common +\| n = 1 is too few to tell/);
    expect(row('zh')).toMatch(/\| 没有共同的种子 +\| n = 1 太少，无法判断/);
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

  test('tell each key of the configurations that differs once, with the arms where not all have it', async () => {
    const comparison = await comparisonWith(
      configured((arm) => ({
        train: { epochs: 3, batch_size: 64 },
        model: { cell: 'lstm', ...(arm === '001-lstm' ? { hidden: 7 } : {}) },
      })),
    );
    expect(comparison.changes).toEqual([]);
    expect(comparison.configurations).toEqual([
      null,
      [
        { path: 'model.hidden', before: null, after: 7, arms: ['model.cell=lstm'] },
        { path: 'train.epochs', before: 2, after: 3, arms: null },
      ],
    ]);
    const text = renderComparison(comparison, 'en');
    expect(text).toContain(`## What differs

Configurations, A → B:

- \`model.hidden\`: null → 7 (model.cell=lstm)
- \`train.epochs\`: 2 → 3
`);
    expect(text).not.toContain('are the same');
    expect(renderComparison(comparison, 'zh')).toContain('设置，A → B：\n\n- `model.hidden`: null → 7');
  });

  test('count the keys after the twentieth, and cut long values', async () => {
    const metrics = Array.from({ length: 40 }, (_, i) => `metric-${i}`);
    const model = Object.fromEntries(Array.from({ length: 23 }, (_, i) => [`key_${i}`, i]));
    const text = renderComparison(
      await comparisonWith(configured(() => ({ metrics, model: { cell: 'lstm', ...model } }))),
      'en',
    );
    expect(text).toContain('- `model.key_19`: null → 19\n- and 4 keys more\n');
    const cut = renderComparison(await comparisonWith(configured(() => ({ metrics }))), 'en');
    expect(cut).toMatch(/- `metrics`: \\\["accuracy","f1"\\\] → \\\["metric-0".{1,60}…\n/);
  });

  test('name a few arms of many', async () => {
    const arms = Array.from({ length: 6 }, (_, i) => ({ id: `00${i + 1}-a${i}`, label: `a${i}`, settings: {} }));
    const [before, after] = [sampleRun({ arms }), sampleRun({ arms })];
    const changed = { ...before.plan.trials[0]!.config, task: 'language-model' as const };
    const trials = after.plan.trials.map((trial) => (trial.arm === '001-a0' ? trial : { ...trial, config: changed }));
    after.plan = { ...after.plan, trials };
    const text = renderComparison(compareRuns([await dataOf(before), await dataOf(after)])!, 'en');
    expect(text).toContain('- `task`: "classification" → "language-model" (a1, a2, a3 and 2 more)\n');
  });

  test('compare the configurations of each run with the first', async () => {
    const text = renderComparison(
      await comparisonWith(
        configured(() => ({ train: { epochs: 5, batch_size: 64 } })),
        sampleRun(),
      ),
      'en',
    );
    expect(text).toContain('Configurations, A → B:\n\n- `train.epochs`: 2 → 5\n');
    expect(text).toContain('Configurations, A → C: the same in every arm that both have.');
  });

  test('do not call configurations the same that are not known', async () => {
    const [known, { data }] = [await dataOf(sampleRun()), await dataOf(sampleRun())];
    const comparison = compareRuns([known, { data, configs: new Map() }])!;
    expect(comparison.configurations).toEqual([null, null]);
    const text = renderComparison(comparison, 'en');
    expect(text).toContain('Code, versions, machine, engine, data, seeds and command are the same.');
    expect(text).toContain('Configurations, A → B: not compared.');
  });
});
