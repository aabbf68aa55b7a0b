import { describe, expect, test } from 'vitest';
import { holm } from '../../../src/report/statistics/holm.js';
import { mean, meanInterval, sampleStd } from '../../../src/report/statistics/moments.js';
import { pairedTTest, signFlipP, wilcoxonTest } from '../../../src/report/statistics/paired-tests.js';
import { neededPairs, pairedPower } from '../../../src/report/statistics/power.js';

// Student, "The probable error of a mean", Biometrika 6 (1908): additional hours of sleep under two drugs, by patient.
const SLEEP = [-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4];
// Darwin's maize, heights of crossed less self-fertilised plants in eighths of an inch: Fisher, The Design of Experiments (1935), §17.
const DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

describe('mean and spread', () => {
  test('the standard deviation is the sample’s: Darwin’s 15 differences have 37.744', () => {
    expect(sampleStd(DARWIN)).toBeCloseTo(37.7443783262898, 10);
    expect(mean(DARWIN)).toBeCloseTo(314 / 15, 12);
  });

  test('equal values have no spread, and one value has none that is known', () => {
    expect(sampleStd([0.1, 0.1, 0.1])).toBe(0);
    expect(sampleStd([1])).toBeNaN();
    expect(meanInterval([1])).toBeNull();
  });

  test.each([1e200, 1e-200])('values of about %d have the spread of their digits', (size) => {
    const values = [1, 2, 4].map((value) => value * size);
    expect(sampleStd(values) / size).toBeCloseTo(sampleStd([1, 2, 4]), 12);
    const scaled = meanInterval(values)!.map((end) => end / size);
    expect(scaled[0]).toBeCloseTo(meanInterval([1, 2, 4])![0], 12);
    expect(scaled[1]).toBeCloseTo(meanInterval([1, 2, 4])![1], 12);
  });

  test('values at the end of the range of numbers have a mean, and a spread and an interval that are numbers', () => {
    const largest = Number.MAX_VALUE;
    expect(mean([largest, largest])).toBe(largest);
    expect(sampleStd([largest, -largest])).toBe(largest);
    expect(sampleStd([5e-324, 0])).toBeGreaterThan(0);
    expect(meanInterval([largest, largest / 2])).toEqual([-largest, largest]);
    expect(sampleStd([1, Number.NaN])).toBeNaN();
  });

  test('the 95 % interval of Darwin’s mean is scipy’s', () => {
    const [low, high] = meanInterval(DARWIN)!;
    expect(low).toBeCloseTo(0.031193318392979563, 9);
    expect(high).toBeCloseTo(41.83547334827369, 9);
  });
});

describe('the paired t-test', () => {
  test('gives R’s t = −4.0621, df = 9, p = 0.002833 for Student’s sleep data', () => {
    const { t, df, p } = pairedTTest(SLEEP)!;
    expect(t).toBeCloseTo(-4.062127683382037, 10);
    expect(df).toBe(9);
    expect(p).toBeCloseTo(0.002832890197384273, 12);
  });

  test('gives Fisher’s t = 2.148 and p just below 5 % for Darwin’s maize', () => {
    const { t, p } = pairedTTest(DARWIN)!;
    expect(t).toBeCloseTo(2.1479874613311205, 10);
    expect(p).toBeCloseTo(0.049702944021800866, 12);
  });

  test('says nothing of differences without spread, or of one difference', () => {
    expect(pairedTTest([0.1, 0.1])).toBeNull();
    expect(pairedTTest([0.1])).toBeNull();
  });
});

describe('the sign-flip test', () => {
  test('counts Fisher’s 1,726 of 32,768 flips for Darwin’s maize (The Design of Experiments, §21)', () => {
    expect(signFlipP(DARWIN)).toBe(1726 / 32768);
  });

  test('cannot give less than 2 / 2ⁿ', () => {
    expect(signFlipP([0.1, 0.2, 0.3])).toBe(0.25);
    expect(signFlipP([1])).toBe(1);
  });

  test('gives 1 when all differences are 0', () => {
    expect(signFlipP([0, 0, 0])).toBe(1);
  });

  test('estimates p from a fixed stream above 20 differences, near the t-test’s where that holds', () => {
    const many = Array.from({ length: 60 }, (_, i) => (((i * 37) % 101) - 45) / 10);
    const p = signFlipP(many);
    expect(p).toBe(signFlipP(many));
    // scipy 1.17.1, ttest_1samp.
    expect(Math.abs(p - 0.23873047678027184)).toBeLessThan(0.01);
  });
});

describe('Wilcoxon’s signed-rank test', () => {
  test.each([
    ['Darwin’s maize', DARWIN, 24, 0.041259765625],
    ['six differences, one negative', [1, 2, 3, 4, 5, -6], 6, 0.4375],
    ['ties (scipy by exact permutation)', [1, 1, 2, -2, 3, 3, 4, -1], 6.5, 0.140625],
  ])('is scipy’s for %s', (_, differences, w, p) => {
    const found = wilcoxonTest(differences)!;
    expect(found.w).toBe(w);
    expect(found.p).toBeCloseTo(p, 12);
  });

  test('is scipy’s normal approximation with many differences', () => {
    const many = Array.from({ length: 60 }, (_, i) => (((i * 37) % 101) - 45) / 10);
    const { w, p } = wilcoxonTest(many)!;
    expect(w).toBe(763.5);
    expect(p).toBeCloseTo(0.2647081919479235, 10);
  });

  test('leaves differences of 0 out', () => {
    expect(wilcoxonTest([0, 0])).toBeNull();
    expect(wilcoxonTest([0, 1, 2, 3, 4, 5, -6])).toEqual(wilcoxonTest([1, 2, 3, 4, 5, -6]));
  });
});

describe('Holm’s adjustment', () => {
  test('is that of R’s p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(expected, 12);
  });

  test('never goes above 1 and leaves a single p as it is', () => {
    expect(holm([0.7, 0.9])).toEqual([1, 1]);
    expect(holm([0.03])).toEqual([0.03]);
  });
});

describe('power', () => {
  // Cohen (1988) and G*Power: 199, 34 and 15 pairs for small, medium and large effects at 5 %, power 0.8.
  test.each([
    [0.2, 199],
    [0.5, 34],
    [0.8, 15],
    [1, 10],
    [1.5, 6],
    [3, 4],
  ])('an effect of %d needs %d pairs', (effect, pairs) => {
    expect(neededPairs(effect)).toBe(pairs);
    expect(neededPairs(-effect)).toBe(pairs);
  });

  test('is scipy’s, by stats.nct', () => {
    expect(pairedPower(0.5, 34)).toBeCloseTo(0.8077775012792738, 8);
    expect(pairedPower(0.2, 198)).toBeCloseTo(0.7996983729002213, 8);
    expect(pairedPower(1.5, 5)).toBeCloseTo(0.7107026739256758, 8);
  });

  test('says nothing of an effect of 0 or one that needs more than a thousand pairs', () => {
    expect(neededPairs(0)).toBeNull();
    expect(neededPairs(0.01)).toBeNull();
  });
});
