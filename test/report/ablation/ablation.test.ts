import { describe, expect, test } from 'vitest';
import type { SettingValue } from '../../../src/plan/plan.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import type { ReportData } from '../../../src/report/report-data.js';
import { summarise } from '../../../src/report/summarise.js';
import { neverFinished, sampleRun, writeRun } from '../sample-run.js';

type Settings = { readonly [path: string]: SettingValue };

const FACTORS = { a: { 'model.hidden': 2 }, b: { 'model.layers': 2 } };
const A: Settings = FACTORS.a;
const B: Settings = FACTORS.b;

/** A run of named arms, each with an accuracy for every seed. */
async function dataOf(
  arms: readonly (readonly [label: string, settings: Settings, accuracies: readonly number[]])[],
  sweep: unknown = {},
  { report = {}, lost = [] }: { readonly report?: object; readonly lost?: readonly string[] } = {},
): Promise<ReportData> {
  const seeds = arms[0]![2].map((_, seed) => seed);
  const run = sampleRun({ arms: arms.map(([label, settings], i) => ({ id: `00${i}`, label, settings })), seeds });
  run.plan = { ...run.plan, report, sweep: sweep as NonNullable<typeof run.plan.sweep> };
  for (const result of run.results.values()) {
    const accuracy = arms[Number(result.arm)]![2][result.seed]!;
    run.results.set(result.trial, { ...result, metrics: { test: { loss: 1 - accuracy, accuracy } } });
  }
  for (const trial of lost) neverFinished(run, trial, { started: true });
  return summarise(await loadRun(writeRun(run)));
}

const NONE = [0.5, 0.52, 0.51];
const ONLY_A = [0.6, 0.62, 0.62];
const ONLY_B = [0.5, 0.53, 0.51];
const BOTH = [0.8, 0.81, 0.83];

describe('the effects of an ablation', () => {
  test('one at a time: with the factor alone − base', async () => {
    const { ablation, baseline } = await dataOf(
      [
        ['base', {}, NONE],
        ['+ a', A, ONLY_A],
        ['+ b', B, ONLY_B],
      ],
      {
        ablate: { factors: FACTORS },
      },
    );
    expect(baseline).toBe('000');
    expect(ablation!.effects.map(({ factors, summary }) => [factors, summary.mean?.toFixed(6)])).toEqual([
      [['a'], '0.103333'],
      [['b'], '0.003333'],
    ]);
    expect(ablation!.effects.map(({ told_apart }) => told_apart)).toEqual([true, false]);
  });

  test('leave one out: with all − without it', async () => {
    const { ablation } = await dataOf(
      [
        ['all', { ...A, ...B }, BOTH],
        ['− a', B, ONLY_B],
        ['− b', A, ONLY_A],
      ],
      {
        ablate: { mode: 'leave_one_out', factors: FACTORS },
      },
    );
    expect(ablation!.effects.map(({ summary }) => summary.mean?.toFixed(6))).toEqual(['0.300000', '0.200000']);
  });

  test('factorial with a subset missing: by the pairs that differ in the factor alone, and the report says so', async () => {
    const data = await dataOf(
      [
        ['base', {}, [0.7, 0.71, 0.68]],
        ['a', A, [0.7, 0.71, 0.68]],
        ['b', B, [0.9, 0.91, 0.88]],
      ],
      { ablate: { mode: 'factorial', factors: FACTORS } },
    );
    expect(data.ablation).toMatchObject({ missing: 1, interactions: [], shapley: [] });
    expect(data.ablation!.effects.map(({ factors, summary }) => [factors, summary.mean?.toFixed(6)])).toEqual([
      [['a'], '0.000000'],
      [['b'], '0.200000'],
    ]);
    expect(renderMarkdown(data)).toContain('Figures of 1 subset of factors are missing');
  });

  test('a fraction of a factorial: over its halves, and not at all where one of it is missing', async () => {
    const factors = { ...FACTORS, c: { 'model.dropout': 0.5 } };
    const arms = [
      ['base', {}, [0.4, 0.42, 0.41]],
      ['+ a + c', { ...A, ...factors.c }, [0.6, 0.62, 0.61]],
      ['+ b + c', { ...B, ...factors.c }, [0.5, 0.52, 0.51]],
      ['+ a + b', { ...A, ...B }, [0.8, 0.82, 0.81]],
    ] as const;
    const sweep = { ablate: { mode: 'factorial', fraction: '1/2', factors } };
    const whole = await dataOf(arms, sweep);
    expect(whole.ablation!.effects.map(({ summary }) => summary.mean?.toFixed(6))).toEqual([
      '0.250000',
      '0.150000',
      '-0.050000',
    ]);
    expect(renderMarkdown(whole)).toContain('Only 1/2 of the subsets were run: each effect is mixed with interactions');
    const gap = await dataOf(arms.slice(1), sweep);
    expect(gap.ablation).toMatchObject({ missing: 1, fraction: '1/2', effects: [] });
    expect(renderMarkdown(gap)).toContain('without them no factor can be judged');
  });

  test('equal differences are equal, whatever the last bits say: no spread of nothing passes for significance', async () => {
    const base = [0.1, 0.62, 0.86];
    const { ablation, comparisons } = await dataOf(
      [
        ['base', {}, base],
        ['+ a', A, base.map((value) => value + 0.01)],
        ['+ b', B, base.map((value) => value + 0.01)],
      ],
      { ablate: { factors: FACTORS } },
    );
    expect(ablation!.effects.map(({ told_apart }) => told_apart)).toEqual([false, false]);
    expect(ablation!.effects.map(({ summary }) => summary.std)).toEqual([0, 0]);
    expect(ablation!.effects.map(({ adjusted_p }) => adjusted_p)).toEqual(
      comparisons.map(({ adjusted_p }) => adjusted_p),
    );
  });

  test('cumulative: each step − the one before, as a waterfall', async () => {
    const data = await dataOf(
      [
        ['base', {}, NONE],
        ['+ a', A, ONLY_A],
        ['+ a + b', { ...A, ...B }, BOTH],
      ],
      {
        ablate: { mode: 'cumulative', factors: FACTORS },
      },
    );
    expect(data.ablation!.effects.map(({ summary }) => summary.mean?.toFixed(6))).toEqual(['0.103333', '0.200000']);
    const section = renderMarkdown(data).split('## Ablation\n\n')[1]!.split('\n\n## ')[0]!;
    expect(section).toMatch(/\| base +\| 0\.5100 ± 0\.0100 \| +\| +\| +\| +\|/);
    expect(section).toMatch(/\| \+ a +\| 0\.6133 ± 0\.0115 \| +\+0\.1033 \|/);
    expect(section).toMatch(/\| \+ b +\| 0\.8133 ± 0\.0153 \| +\+0\.2000 \|/);
  });

  test('factorial: main effects, interaction and Shapley values, which sum to the gain', async () => {
    const { ablation } = await dataOf(
      [
        ['base', {}, NONE],
        ['+ a', A, ONLY_A],
        ['+ b', B, ONLY_B],
        ['+ a + b', { ...A, ...B }, BOTH],
      ],
      { ablate: { mode: 'factorial', factors: FACTORS } },
    );
    const seed0 = (effects: readonly { readonly summary: { readonly values: readonly number[] } }[]) =>
      effects.map(({ summary }) => summary.values[0]!.toFixed(6));
    // Seed 0: none 0.5, a 0.6, b 0.5, both 0.8.
    expect(seed0(ablation!.effects)).toEqual(['0.200000', '0.100000']);
    expect(seed0(ablation!.interactions)).toEqual(['0.200000']);
    expect(seed0(ablation!.shapley)).toEqual(['0.200000', '0.100000']);
    const sum = ablation!.shapley.reduce((total, { summary }) => total + summary.mean!, 0);
    expect(sum).toBeCloseTo(ablation!.steps[1]!.summary.mean! - ablation!.steps[0]!.summary.mean!, 12);
  });

  test('a game of three with known Shapley values (the glove game: 1/6, 1/6, 4/6)', async () => {
    const factors = { l1: { x: 1 }, l2: { y: 1 }, r: { z: 1 } } as const;
    const arms = Array.from({ length: 8 }, (_, mask) => {
      const settings: Settings = Object.assign({}, ...Object.values(factors).filter((_, k) => mask & (1 << k)));
      const value = mask & 4 && mask & 3 ? 1 : 0;
      return [`${mask}`, settings, [value, value, value]] as const;
    });
    const { ablation } = await dataOf(arms, { ablate: { mode: 'factorial', factors } });
    expect(ablation!.shapley.map(({ summary }) => summary.mean!.toFixed(6))).toEqual([
      '0.166667',
      '0.166667',
      '0.666667',
    ]);
  });

  test('there are none without an ablation, and none that mislead when an arm failed', async () => {
    expect(
      (
        await dataOf([
          ['base', {}, NONE],
          ['x', A, BOTH],
        ])
      ).ablation,
    ).toBeNull();
    const { ablation } = await dataOf(
      [
        ['base', {}, NONE],
        ['+ a', A, ONLY_A],
        ['+ b', B, ONLY_B],
      ],
      {
        ablate: { mode: 'factorial', factors: FACTORS },
      },
    );
    expect(ablation!.shapley).toEqual([]);
    expect(ablation!.interactions).toEqual([]);
  });
});

describe('the effects of an ablation beside other settings', () => {
  const RNN: Settings = { 'model.cell': 'rnn' };
  const LSTM: Settings = { 'model.cell': 'lstm' };
  const about = (value: number) => [0, 0.001, 0.002].map((more) => value + more);
  const meansOf = ({ ablation }: ReportData) =>
    ablation!.effects.map(({ factors, summary, combinations }) => [factors[0], summary.mean!.toFixed(6), combinations]);

  test('are taken where these are the same, and the report says of how many', async () => {
    const arms = [
      ['rnn, base', RNN, about(0.5)],
      ['rnn, + a', { ...RNN, ...A }, about(0.52)],
      ['lstm, base', LSTM, about(0.9)],
      ['lstm, + a', { ...LSTM, ...A }, about(0.92)],
      ['lstm, + b', { ...LSTM, ...B }, about(0.91)],
    ] as const;
    const data = await dataOf(arms, { ablate: { factors: FACTORS } });
    expect(meansOf(data)).toEqual([
      ['a', '0.020000', undefined],
      ['b', '0.010000', 1],
    ]);
    expect(renderMarkdown(data)).toContain(
      'of the 2 combinations of other settings that have figures on both of its sides: b (1).',
    );
    const chinese = await dataOf(arms, { ablate: { factors: FACTORS } }, { report: { language: 'zh' } });
    expect(renderMarkdown(chinese)).toContain('（共 2 种组合）：b (1)。');
  });

  test('are steps from one another where every step was run with the same', async () => {
    const data = await dataOf(
      [
        ['rnn, base', RNN, about(0.5)],
        ['rnn, + a', { ...RNN, ...A }, about(0.52)],
        ['lstm, base', LSTM, about(0.9)],
        ['lstm, + a', { ...LSTM, ...A }, about(0.93)],
        ['lstm, + a + b', { ...LSTM, ...A, ...B }, about(0.91)],
      ],
      { ablate: { mode: 'cumulative', factors: FACTORS } },
    );
    expect(meansOf(data)).toEqual([
      ['a', '0.030000', 1],
      ['b', '-0.020000', 1],
    ]);
    expect(data.ablation!.steps.map(({ summary }) => summary.mean!.toFixed(4))).toEqual(['0.9010', '0.9310', '0.9110']);
    expect(renderMarkdown(data)).toContain('that have figures of every step: 1.');
  });

  test('are the mean over all of them where nothing is missing', async () => {
    const data = await dataOf(
      [RNN, LSTM].flatMap((cell, i) => [
        [`${i} base`, cell, about(0.5)] as const,
        [`${i} a`, { ...cell, ...A }, about(0.52 + i / 100)] as const,
        [`${i} b`, { ...cell, ...B }, about(0.5)] as const,
        [`${i} both`, { ...cell, ...A, ...B }, about(0.52)] as const,
      ]),
      { ablate: { mode: 'factorial', factors: FACTORS } },
    );
    expect(data.ablation!.missing).toBeUndefined();
    expect(data.ablation!.combinations).toBe(2);
    expect(meansOf(data)).toEqual([
      ['a', '0.022500', undefined],
      ['b', '-0.002500', undefined],
    ]);
    expect(data.ablation!.steps.map(({ summary }) => summary.std)).toEqual(
      [0.001, 0.001].map((std) => expect.closeTo(std, 12)),
    );
  });

  test('average over an axis that exists on one side alone', async () => {
    const nonlinearity = ['tanh', 'relu'].map((value) => ({ 'model.nonlinearity': value }));
    const data = await dataOf(
      [
        ['base, tanh', nonlinearity[0]!, about(0.5)],
        ['base, relu', nonlinearity[1]!, about(0.6)],
        ['+ lstm', LSTM, about(0.8)],
      ],
      { ablate: { factors: { lstm: LSTM } } },
    );
    expect(meansOf(data)).toEqual([['lstm', '0.250000', undefined]]);
  });
});

describe('the factors of an arm', () => {
  test('are those that the sweep gave it, whatever a later one sets again', async () => {
    const factors = { four: { 'model.hidden': 4 }, six: { 'model.hidden': 6 }, deep: B };
    const data = await dataOf(
      [
        ['base', {}, NONE],
        ['+ four', { 'model.hidden': 4 }, ONLY_A],
        ['+ four + six', { 'model.hidden': 6 }, ONLY_B],
        ['+ four + six + deep', { 'model.hidden': 6, ...B }, BOTH],
      ],
      { ablate: { mode: 'cumulative', factors } },
    );
    expect(data.ablation!.effects.map(({ factors, summary }) => [...factors, summary.mean!.toFixed(4)])).toEqual([
      ['four', '0.1033'],
      ['six', '-0.1000'],
      ['deep', '0.3000'],
    ]);
    expect(data.ablation!.steps.map(({ factors }) => factors.length)).toEqual([0, 1, 2, 3]);
    const all = await dataOf(
      [
        ['base', {}, NONE],
        ['+ four', { 'model.hidden': 4 }, ONLY_A],
        ['+ six', { 'model.hidden': 6 }, ONLY_B],
        ['+ four + six', { 'model.hidden': 6 }, ONLY_B],
      ],
      { ablate: { mode: 'factorial', factors: { four: factors.four, six: factors.six } } },
    );
    expect(all.ablation!.missing).toBeUndefined();
    expect(all.ablation!.shapley).toHaveLength(2);
  });

  test('may be contained in one another', async () => {
    const { ablation } = await dataOf(
      [
        ['base', {}, NONE],
        ['+ deep', B, ONLY_B],
        ['+ deep and wide', { ...A, ...B }, BOTH],
      ],
      { ablate: { factors: { deep: B, 'deep and wide': { ...A, ...B } } } },
    );
    expect(ablation!.effects.map(({ factors, summary }) => [...factors, summary.mean!.toFixed(4)])).toEqual([
      ['deep', '0.0033'],
      ['deep and wide', '0.3033'],
    ]);
  });
});

describe('an ablation without figures', () => {
  test('of its base says so, and has no empty table', async () => {
    const arms = [
      ['base', {}, NONE],
      ['+ a', A, ONLY_A],
      ['+ b', B, ONLY_B],
    ] as const;
    const lost = NONE.map((_, seed) => `000-s${seed}`);
    const without = (language: string) =>
      dataOf(arms, { ablate: { factors: FACTORS } }, { lost, report: { language } }).then(renderMarkdown);
    const english = await without('en');
    expect(english).toContain('have figures of the same seeds: a, b.');
    expect(english).not.toMatch(/\| factor +\|/);
    expect(await without('zh')).toContain('没有差值（没有仅相差该因素且具有相同种子结果的两种配置）：a、b。');
  });

  test('of one factor names it', async () => {
    const data = await dataOf(
      [
        ['base', {}, NONE],
        ['+ a', A, ONLY_A],
        ['+ b', B, ONLY_B],
      ],
      { ablate: { factors: FACTORS } },
      { lost: ['001-s0', '001-s1', '001-s2'] },
    );
    expect(data.ablation!.effects.map(({ factors }) => factors)).toEqual([['b']]);
    expect(renderMarkdown(data)).toContain('have figures of the same seeds: a.');
  });
});

describe('a factorial ablation', () => {
  const shapleyOf = (data: ReportData) =>
    renderMarkdown(data).split('### Share of the total change')[1]!.split('###')[0]!;
  const factorial = (...values: readonly (readonly number[])[]) =>
    dataOf(
      [{}, A, B, { ...A, ...B }].map((settings, i) => [`${i}`, settings, values[i]!] as const),
      { ablate: { mode: 'factorial', factors: FACTORS } },
    );

  test('gives shares of a gain, and none of equal means', async () => {
    const alone = [
      [0.75, 0.76, 0.77],
      [0.72, 0.71, 0.74],
    ] as const;
    expect(shapleyOf(await factorial([0.7, 0.701, 0.703], ...alone, [0.8, 0.801, 0.803]))).toContain('| share |');
    const tied = shapleyOf(await factorial([0.7, 0.701, 0.703], ...alone, [0.703, 0.7, 0.701]));
    expect(tied).not.toContain('share |');
    expect(tied).not.toContain('%  |');
  });

  test('says 0 of what adds up to it', async () => {
    const { ablation } = await factorial(
      [0.81, 0.82, 0.83],
      [0.83, 0.82, 0.81],
      [0.82, 0.83, 0.81],
      [0.82, 0.82, 0.82],
    );
    for (const effects of [ablation!.effects, ablation!.shapley, ablation!.interactions]) {
      expect(effects.map(({ summary }) => Math.abs(summary.mean!))).toEqual(effects.map(() => 0));
    }
  });
});

describe('what each setting explains', () => {
  test('is its share of the variance between arms', async () => {
    const arms = [1, 2, 3].flatMap((hidden) =>
      [1, 2].map(
        (layers) =>
          [
            `${hidden} ${layers}`,
            { 'model.hidden': hidden, 'model.layers': layers },
            [0.5 + hidden / 10, 0.5 + hidden / 10],
          ] as const,
      ),
    );
    const named = arms.map(
      ([, settings, values]) =>
        [
          `model.hidden=${settings['model.hidden']}, model.layers=${settings['model.layers']}`,
          settings,
          values,
        ] as const,
    );
    const { importance } = await dataOf(named);
    expect(importance.map(({ path, share, levels }) => [path, share.toFixed(6), levels])).toEqual([
      ['model.hidden', '1.000000', 3],
      ['model.layers', '0.000000', 2],
    ]);
    expect(importance[0]!.by_chance).toBeCloseTo(2 / 5, 12);
  });
});

describe('groups of arms that cannot be told apart', () => {
  test('are of arms without a pair that is told apart', async () => {
    const data = await dataOf([
      ['p', { x: 1 }, [0.5, 0.51, 0.52, 0.53]],
      ['q', { x: 2 }, [0.5, 0.53, 0.51, 0.54]],
      ['r', { x: 3 }, [0.8, 0.82, 0.81, 0.84]],
    ]);
    expect(data.groups).toEqual([{ metric: 'test.accuracy', arms: ['001', '000'] }]);
    expect(renderMarkdown(data)).toContain('- ≈ q; p: not told apart.');
  });

  test('leave out what was not tested for too few seeds, and it is named apart', async () => {
    const arms = [
      ['base', {}, NONE],
      ['a', A, BOTH],
      ['b', B, ONLY_B],
    ] as const;
    const data = await dataOf(arms, {}, { lost: ['001-s1'] });
    expect(data.comparisons.map(({ n }) => n)).toEqual([2, 3]);
    expect(data.groups).toEqual([{ metric: 'test.accuracy', arms: ['002', '000'] }]);
    expect(renderMarkdown(data)).toContain('\n\n- ≈ b; base: not told apart.\n- a: too few paired seeds to tell.\n\n');
    const chinese = await dataOf(arms, {}, { lost: ['001-s1'], report: { language: 'zh' } });
    expect(renderMarkdown(chinese)).toContain('\n- ≈ b; base：无法区分。\n- a：配对的随机种子太少，无法判断。\n');
  });

  test('are of neighbours that one that was not tested does not part', async () => {
    const data = await dataOf(
      [
        ['p', { x: 1 }, [0.5, 0.51, 0.52, 0.53]],
        ['between', { x: 2 }, [0.5, 0.52, 0.5, 0.5]],
        ['q', { x: 3 }, [0.5, 0.53, 0.51, 0.54]],
      ],
      {},
      { lost: ['001-s2', '001-s3'] },
    );
    expect(data.comparisons.map(({ n }) => n)).toEqual([2, 4, 2]);
    expect(data.groups).toEqual([{ metric: 'test.accuracy', arms: ['002', '000'] }]);
    expect(renderMarkdown(data)).toContain('- ≈ q; p: not told apart.\n- between: too few paired seeds to tell.\n');
  });

  test('are none where no two arms have seeds enough', async () => {
    const data = await dataOf([
      ['p', { x: 1 }, [0.5, 0.51]],
      ['q', { x: 2 }, [0.5, 0.53]],
    ]);
    expect(data.groups).toEqual([]);
    expect(renderMarkdown(data)).toContain('\n\n- p; q: too few paired seeds to tell.\n\n');
  });

  test('and comparisons say what was not compared for want of common seeds', async () => {
    const three = [
      ['p', { x: 1 }, [0.5, 0.51, 0.52, 0.53]],
      ['q', { x: 2 }, [0.5, 0.53, 0.5, 0.51]],
      ['apart', { x: 3 }, [0.5, 0.5, 0.5, 0.52]],
    ] as const;
    const apart = await dataOf(three, {}, { lost: ['000-s3', '001-s3', '002-s0', '002-s1'] });
    expect(apart.comparisons).toHaveLength(1);
    expect(renderMarkdown(apart)).toContain('\n- apart: too few paired seeds to tell.\n');
    const none = await dataOf(three.slice(1), {}, { lost: ['000-s2', '000-s3', '001-s0', '001-s1'] });
    expect(none.comparisons).toEqual([]);
    expect(renderMarkdown(none)).toContain('No two arms have two seeds in common to be compared by.');
  });
});
