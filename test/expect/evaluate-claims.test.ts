import { describe, expect, test } from 'vitest';
import { type ClaimOutcome, evaluateClaims } from '../../src/expect/evaluate-claims.js';
import { armFinder } from '../../src/expect/match-arm.js';
import { loadRun } from '../../src/report/load/load-run.js';
import { summarise } from '../../src/report/summarise.js';
import { endOtherwise, type SampleRun, sampleRun, writeRun } from '../report/sample-run.js';

async function outcomesOf(run: SampleRun, ...claims: readonly string[]): Promise<readonly ClaimOutcome[]> {
  const data = await loadRun(writeRun(run));
  return evaluateClaims(claims, { arms: summarise(data).arms, finder: armFinder(data.configs) });
}

/** Which of the claims hold, for the two arms of the sample: lstm 0.8100 ± 0.0100, gru 0.8226 ± 0.0100. */
async function holding(run: SampleRun, ...claims: readonly string[]): Promise<readonly boolean[]> {
  return (await outcomesOf(run, ...claims)).map(({ holds }) => holds);
}

const LSTM = 'test.accuracy[model.cell=lstm]';
const GRU = 'test.accuracy[model.cell=gru]';

describe('a claim about one arm', () => {
  test('holds when its mean does', async () => {
    const claims = [
      `${LSTM} >= 0.81`,
      `${LSTM} > 0.81`,
      `${LSTM} <= 0.81`,
      `${LSTM} < 0.82`,
      `${LSTM} ≈ 0.8 within 0.01`,
    ];
    expect(await holding(sampleRun(), ...claims)).toEqual([true, false, true, true, true]);
    expect(await holding(sampleRun(), `${LSTM} ≈ 0.8 within 0.0099`)).toEqual([false]);
  });

  test('gives the figures that decide', async () => {
    const [outcome] = await outcomesOf(sampleRun(), `${LSTM} >= 0.84`);
    expect(outcome).toMatchObject({ claim: `${LSTM} >= 0.84`, metric: 'test.accuracy', holds: false });
    expect(outcome!.checks).toMatchObject([{ arm: '001-lstm', against: null, n: 3, bound: 0.84, reason: 'figures' }]);
    expect(outcome!.checks[0]!.value).toBeCloseTo(0.81, 12);
  });

  test.each([1e-13, 1e13])('of figures of about %d is as exact as one of others', async (size) => {
    const run = sampleRun();
    for (const result of run.results.values())
      run.results.set(result.trial, { ...result, metrics: { test: { loss: size * (1 + result.seed * 1e-13) } } });
    const loss = 'test.loss[model.cell=lstm]';
    const number = (factor: number): string => String(size * factor);
    expect(
      await holding(
        run,
        `${loss} > 0`,
        `${loss} < ${number(2)}`,
        `${loss} >= ${number(1.01)}`,
        `${loss} > ${number(1)}`,
        `${loss} <= ${number(1)}`,
        `${loss} ≈ ${number(1.1)} within ${number(0.01)}`,
      ),
    ).toEqual([true, true, false, false, true, false]);
  });

  test('with `!` must be more than chance: two seeds of 0.80 and 0.82 do not show 0.80 to be passed', async () => {
    expect(await holding(sampleRun(), `${LSTM} > 0.8`, `${LSTM} > 0.7 !`)).toEqual([true, true]);
    const [near, few] = [
      ...(await outcomesOf(sampleRun(), `${LSTM} > 0.8 !`)),
      ...(await outcomesOf(sampleRun({ seeds: [0, 1] }), `${LSTM} > 0.7 !`)),
    ];
    expect(near!.checks).toMatchObject([{ holds: false, reason: 'not_significant' }]);
    expect(few!.checks).toMatchObject([{ holds: false, reason: 'too_few_seeds', n: 2 }]);
  });
});

describe('a claim about two arms', () => {
  test('compares them seed by seed', async () => {
    expect(await holding(sampleRun(), `${GRU} > ${LSTM}`, `${GRU} > ${LSTM} !`, `${LSTM} > ${GRU}`)).toEqual([
      true,
      true,
      false,
    ]);
    const [outcome] = await outcomesOf(sampleRun(), `${GRU} > ${LSTM} !`);
    // t = 21.88 on 2 degrees of freedom
    expect(outcome!.checks[0]!.p).toBeLessThan(0.003);
  });

  test('leaves out seeds that one of them does not have', async () => {
    const run = sampleRun();
    endOtherwise(run, '001-lstm-s2', { state: 'failed' });
    const [outcome] = await outcomesOf(run, `${GRU} > ${LSTM}`);
    expect(outcome!.checks[0]).toMatchObject({ n: 2, holds: true });
    expect(outcome!.checks[0]!.value).toBeCloseTo(0.8178, 4);
  });

  test('pairs arms that agree in all that neither side names', async () => {
    const arms = ['lstm', 'gru'].flatMap((cell) =>
      ['max', 'mean'].map((pooling) => ({
        id: `${cell}-${pooling}`,
        label: `${cell}, ${pooling}`,
        settings: { 'model.cell': cell, 'model.pooling': pooling },
      })),
    );
    const [outcome] = await outcomesOf(sampleRun({ arms }), `${GRU} > ${LSTM}`);
    expect(outcome!.checks.map(({ arm, against }) => [arm, against])).toEqual([
      ['gru-max', 'lstm-max'],
      ['gru-mean', 'lstm-mean'],
    ]);
  });

  test('compares each with each where an arm of either side has no counterpart, whichever side comes first', async () => {
    const arms = [
      { id: 'rnn-2', label: 'rnn, 2', settings: { 'model.cell': 'rnn', 'model.hidden': 2 } },
      { id: 'lstm-2', label: 'lstm, 2', settings: { 'model.cell': 'lstm', 'model.hidden': 2 } },
      { id: 'rnn-4', label: 'rnn, 4', settings: { 'model.cell': 'rnn', 'model.hidden': 4 } },
    ];
    const [higher, lower] = await outcomesOf(
      sampleRun({ arms }),
      'test.accuracy[model.cell=lstm] > test.accuracy[model.cell=rnn]',
      'test.accuracy[model.cell=rnn] < test.accuracy[model.cell=lstm]',
    );
    expect(higher!.checks.map(({ arm, against, holds }) => [arm, against, holds])).toEqual([
      ['lstm-2', 'rnn-2', true],
      ['lstm-2', 'rnn-4', false],
    ]);
    expect(lower!.checks.map(({ arm, against, holds }) => [against, arm, holds])).toEqual([
      ['lstm-2', 'rnn-2', true],
      ['lstm-2', 'rnn-4', false],
    ]);
  });

  test('pairs an arm with several that agree with it, whichever side comes first', async () => {
    const arms = ['rnn', 'lstm', 'gru'].flatMap((cell) =>
      [2, 4].map((hidden) => ({
        id: `${cell}-${hidden}`,
        label: `${cell}, ${hidden}`,
        settings: { 'model.cell': cell, 'model.hidden': hidden },
      })),
    );
    const [least, others] = await outcomesOf(
      sampleRun({ arms }),
      'test.accuracy[model.cell=rnn] <= test.accuracy',
      'test.accuracy >= test.accuracy[model.cell=rnn]',
    );
    const pairs = ['rnn-2 gru-2', 'rnn-2 lstm-2', 'rnn-4 gru-4', 'rnn-4 lstm-4'];
    expect(least!.checks.map(({ arm, against }) => `${arm} ${against}`).sort()).toEqual(pairs);
    expect(others!.checks.map(({ arm, against }) => `${against} ${arm}`).sort()).toEqual(pairs);
  });
});

describe('a claim about two metrics', () => {
  test('compares each arm with itself where both sides name the same arms', async () => {
    const run = sampleRun();
    for (const side of ['', '[model.cell=gru]', '[002-gru]']) {
      const [higher, lower] = await outcomesOf(
        run,
        `train.accuracy${side} > test.accuracy${side}`,
        `train.accuracy${side} < test.accuracy${side}`,
      );
      expect(higher!.checks.map(({ arm, against }) => arm === against)).toEqual(higher!.checks.map(() => true));
      expect(higher!.checks).toHaveLength(side === '' ? 2 : 1);
      expect([higher!.holds, lower!.holds]).toEqual([true, false]);
    }
  });
});

describe('a claim about every arm', () => {
  test('fails when one of them does, and says which', async () => {
    const [outcome] = await outcomesOf(sampleRun(), 'test.accuracy >= 0.82');
    expect(outcome!.checks.map(({ arm, holds }) => [arm, holds])).toEqual([
      ['001-lstm', false],
      ['002-gru', true],
    ]);
    expect(outcome!.holds).toBe(false);
  });

  test('is adjusted by Holm over all checks with `!`', async () => {
    const one = (await outcomesOf(sampleRun(), `${LSTM} > 0.78 !`))[0]!.checks[0]!;
    const two = (await outcomesOf(sampleRun(), `${LSTM} > 0.78 !`, `${GRU} > 0.79 !`))[0]!.checks[0]!;
    // The other's p is 0.030, and twice that is more than 0.035.
    expect(one.p!).toBeCloseTo(0.035, 3);
    expect(two.p!).toBeCloseTo(0.06, 3);
  });

  test('about states counts its trials', async () => {
    const run = sampleRun();
    expect(await holding(run, 'state = complete', 'state[model.cell=gru] = complete')).toEqual([true, true]);
    endOtherwise(run, '001-lstm-s1', { state: 'diverged' });
    const [all, gru] = await outcomesOf(run, 'state = complete', 'state[model.cell=gru] = complete');
    expect(all!.checks).toMatchObject([{ arm: '001-lstm', value: 2, n: 3, holds: false }, { holds: true }]);
    expect(gru!.holds).toBe(true);
  });
});

describe('what cannot be checked fails', () => {
  test.each<readonly [string, string]>([
    ['test.roc_auc > 0', 'no_figures'],
    ['test.accuracy[model.cell=rnn] > 0', 'no_arm'],
    ['test.accuracy > what', 'not_a_claim'],
    [`${LSTM} >= ${LSTM}`, 'no_pair'],
  ])('%s: %s', async (claim, reason) => {
    const [outcome] = await outcomesOf(sampleRun(), claim);
    expect(outcome).toMatchObject({ holds: false });
    expect(outcome!.checks[0]!.reason).toBe(reason);
  });

  test('where two arms have figures of different seeds alone: no_common_seed', async () => {
    const run = sampleRun();
    for (const id of ['001-lstm-s0', '002-gru-s1', '002-gru-s2']) endOtherwise(run, id, { state: 'failed' });
    const [outcome] = await outcomesOf(run, `${GRU} > ${LSTM}`);
    expect(outcome!.checks).toMatchObject([{ holds: false, reason: 'no_common_seed', n: 0 }]);
  });

  test('where every trial failed', async () => {
    expect(await holding({ ...sampleRun(), results: new Map() }, `${LSTM} >= 0`, 'state = complete')).toEqual([
      false,
      false,
    ]);
  });
});
