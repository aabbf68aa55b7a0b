import { describe, expect, test } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { decimalsOf } from '../../src/pipeline/written-decimals.js';
import { createPlan } from '../../src/plan/create-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { validPipeline } from './valid-pipeline.js';

test.each([
  ['0.90', 2],
  ['.50', 2],
  ['1.', 0],
  ['-1.0', 1],
  ['90', 0],
  ['9.0e-1', 2],
  ['1e-7', 7],
  ['1.25e+1', 1],
  ['1e3', 0],
  ['1e-300', 100],
  ['high', 0],
])('%s has %d digits after the point', (text, decimals) => {
  expect(decimalsOf(text)).toBe(decimals);
});

interface Options {
  readonly files?: { readonly [path: string]: string };
  readonly overrides?: readonly string[];
}

function planOf(report: string | null, { files = {}, overrides = [] }: Options = {}): Plan {
  const text = `${Object.keys(files)
    .map((path) => `extends: ${path}\n`)
    .join('')}${validPipeline()}\n${report ?? ''}`;
  const readFile = (path: string) => ({ text: files[path] ?? '' });
  return createPlan(readPipeline({ file: 'p.yaml', text, overrides, readFile }));
}

function referencesOf(plan: Plan): unknown {
  return plan.report?.reference;
}

const ENTRY = { arm: 'base', metrics: { 'test.accuracy': 0.9 } };
const WITH_TWO = [{ ...ENTRY, decimals: { 'test.accuracy': 2 } }];

describe('a plan keeps the written decimals of a published figure', () => {
  test('that ends in zeros, and says nothing more of others', () => {
    const report = 'report: { reference: [{ arm: base, metrics: { test.accuracy: 0.90, test.loss: 0.25 } }] }';
    expect(referencesOf(planOf(report))).toEqual([
      {
        arm: 'base',
        metrics: { 'test.accuracy': 0.9, 'test.loss': 0.25 },
        decimals: { 'test.accuracy': 2 },
      },
    ]);
    expect(referencesOf(planOf('report: { reference: [{ arm: base, metrics: { test.accuracy: 0.9 } }] }'))).toEqual([
      ENTRY,
    ]);
  });

  test('from a file that the pipeline extends', () => {
    const files = { 'base.yaml': 'report: { reference: [{ arm: base, metrics: { test.accuracy: 0.90 } }] }' };
    expect(referencesOf(planOf(null, { files }))).toEqual(WITH_TWO);
  });

  test('from --set, whatever the file says', () => {
    const report = 'report: { reference: [{ arm: base, metrics: { test.accuracy: 0.9000 } }] }';
    const overrides = ['report.reference=[{arm: base, metrics: {test.accuracy: 0.90}}]'];
    expect(referencesOf(planOf(report, { overrides }))).toEqual(WITH_TWO);
  });

  test.each([
    ['an alias of the figure', '- { arm: base, metrics: { test.loss: &f 0.90 } }', 'metrics: { test.accuracy: *f }'],
    ['an alias of all figures', '- { arm: base, metrics: &m { test.accuracy: 0.90 } }', 'metrics: *m'],
    ['a merge key', '- { arm: base, metrics: &m { test.accuracy: 0.90 } }', 'metrics: { <<: *m }'],
  ])('from %s', (_, anchored, metrics) => {
    const report = `report:\n  reference:\n    ${anchored}\n    - { arm: base, ${metrics} }\n`;
    expect((referencesOf(planOf(report)) as unknown[])[1]).toEqual(WITH_TWO[0]);
  });

  test('and its hashes are those of the plan without it', () => {
    const report = 'report: { reference: [{ arm: base, metrics: { test.accuracy: 0.90 } }] }';
    expect(planOf(report).trials).toEqual(planOf(null).trials);
  });
});
