import { describe, expect, test } from 'vitest';
import { noncentralTCdf } from '../../../src/report/statistics/noncentral-t.js';
import { incompleteBeta, logGamma, normalCdf } from '../../../src/report/statistics/special-functions.js';
import { twoSidedP, upperQuantile } from '../../../src/report/statistics/student-t.js';

// Expected values: scipy 1.17.1 (special.gammaln, special.betainc, stats.norm.cdf, stats.t, stats.nct).

function expectClose(actual: number, expected: number, relative = 1e-11): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-15);
}

describe('special functions', () => {
  test.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [2.5, 0.2846828704729192],
    [10, 12.801827480081469],
    [100.5, 361.43554046777757],
  ])('ln Γ(%d) is scipy’s', (x, expected) => expectClose(logGamma(x), expected));

  test.each([
    [0.3, 0.5, 0.5, 0.36901011956554536],
    [0.9, 2, 3, 0.9963],
    [0.99, 10, 0.5, 0.6579281751567845],
    [0.4, 50, 60, 0.12470685834310022],
  ])('I_%d(%d, %d) is scipy’s', (x, a, b, expected) => expectClose(incompleteBeta(x, a, b), expected));

  test('the incomplete beta function is 0 and 1 at its ends', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });

  test.each([
    [-6, 9.865876450376946e-10],
    [-1.96, 0.024997895148220435],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [2.5, 0.9937903346742238],
    [5, 0.9999997133484281],
  ])('Φ(%d) is scipy’s', (x, expected) => expectClose(normalCdf(x), expected));
});

describe('Student’s t', () => {
  test.each([
    [0.5, 1, 0.7048327646991335],
    [2, 3, 0.13932596855884305],
    [4.06, 9, 0.0028419471189622954],
    [10, 2, 0.00985245702332569],
    [0.001, 50, 0.9992060947755017],
  ])('the two-sided p of t = %d with %d degrees of freedom is scipy’s', (t, df, expected) => {
    expectClose(twoSidedP(t, df), expected);
    expectClose(twoSidedP(-t, df), expected);
  });

  test.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [4, 2.7764451051977934],
    [9, 2.262157162798205],
    [30, 2.0422724563012378],
    [2.5, 3.5746548420036817],
  ])('the 97.5 %% quantile with %d degrees of freedom is scipy’s', (df, expected) =>
    expectClose(upperQuantile(0.025, df), expected),
  );

  test.each([
    [2, 9, 1.5, 0.6558759139985497],
    [1, 3, -0.5, 0.9078787901856405],
    [3.5, 20, 4, 0.31612837690541185],
    [0, 5, 1, 0.15865525393145707],
    [-1.5, 7, 0.8, 0.017874655870077083],
  ])(
    'the noncentral distribution at %d (%d degrees of freedom, noncentrality %d) is scipy’s',
    (t, df, delta, expected) => expectClose(noncentralTCdf(t, df, delta), expected, 1e-9),
  );
});
