import { expect, test } from 'vitest';
import { failedClaims } from '../../../src/report/claim-text.js';
import { loadRun } from '../../../src/report/load/load-run.js';
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.js';
import { summarise } from '../../../src/report/summarise.js';
import { sampleRun, writeRun } from '../sample-run.js';

const EXPECT = `expect:
  - test.accuracy[model.cell=lstm] >= 0.84
  - test.accuracy[model.cell=gru] > test.accuracy[model.cell=lstm] !
  - state = complete
`;

test('claims stand at the head of a report, with the figures that decide', async () => {
  const data = summarise(await loadRun(writeRun(sampleRun({ pipeline: EXPECT }))));
  const section = renderMarkdown(data).split('## Claims\n\n')[1]!.split('\n\n## ')[0];
  expect(section).toMatchInlineSnapshot(`
    "Claims that fail: 1 of 3.

    | claim                                                              | outcome | measured                                                                     |
    | :----------------------------------------------------------------- | :------ | :--------------------------------------------------------------------------- |
    | \`test.accuracy[model.cell=lstm] >= 0.84\`                           | ✗ fails | lstm: 0.8100 ± 0.0100 (n = 3)                                                |
    | \`test.accuracy[model.cell=gru] > test.accuracy[model.cell=lstm] !\` | ✓ holds | gru: 0.8226 ± 0.0100 (n = 3), lstm: 0.8100, difference +0.0126, p &lt; 0.001 |
    | \`state = complete\`                                                 | ✓ holds | lstm: 3 of 3 trials                                                          |
    |                                                                    | ✓ holds | gru: 3 of 3 trials                                                           |"
  `);
  expect(failedClaims(data)).toMatchInlineSnapshot(`
    [
      "claim fails: test.accuracy[model.cell=lstm] >= 0.84",
      "  lstm: 0.8100 ± 0.0100 (n = 3)",
    ]
  `);
});

test.each([
  ['>= 0.84', '0.83996 ± 0.00001 (n = 3)'],
  ['≈ 0.85 within 0.01', '0.83996 ± 0.00001 (n = 3)'],
  ['>= 0.83997', '0.83996 ± 0.00001 (n = 3)'],
  ['>= 0.9', '0.8400 ± 1.0e-5 (n = 3)'],
])('the figure of a claim `%s` that fails has the digits that say so', async (claim, figure) => {
  const run = sampleRun({ pipeline: `expect:\n  - test.accuracy[model.cell=lstm] ${claim}\n` });
  for (const result of run.results.values()) {
    const accuracy = 0.83995 + result.seed * 1e-5;
    run.results.set(result.trial, { ...result, metrics: { test: { loss: 1, accuracy } } });
  }
  const data = summarise(await loadRun(writeRun(run)));
  expect(failedClaims(data)[1]).toBe(`  lstm: ${figure}`);
});

test.each([
  ['>= test.accuracy[model.cell=gru]', 0.83997, 'lstm: 0.83996 ± 0.00000 (n = 3), gru: 0.83997, difference −0.00001'],
  [
    '≈ test.accuracy[model.cell=gru] within 0.01',
    0.85,
    'lstm: 0.83996 ± 0.00000 (n = 3), gru: 0.85000, difference −0.01004',
  ],
])('the figures of a claim `%s` that fails have the digits that say so', async (claim, gru, text) => {
  const run = sampleRun({ pipeline: `expect:\n  - test.accuracy[model.cell=lstm] ${claim}\n` });
  for (const result of run.results.values()) {
    const accuracy = result.arm === '001-lstm' ? 0.83996 : gru;
    run.results.set(result.trial, { ...result, metrics: { test: { loss: 1, accuracy } } });
  }
  const data = summarise(await loadRun(writeRun(run)));
  expect(failedClaims(data)[1]).toBe(`  ${text}`);
});

test('a claim that fails is a line, whatever the names of the arms hold', async () => {
  const run = sampleRun({ pipeline: 'expect:\n  - test.accuracy > 0.99\n' });
  const [lstm, ...others] = run.plan.arms;
  const arms = [{ ...lstm!, label: 'a\r\nb\u2028c', settings: {} }, ...others];
  const data = summarise(await loadRun(writeRun({ ...run, plan: { ...run.plan, arms } })));
  expect(failedClaims(data)[1]).toBe('  a b c: 0.8100 ± 0.0100 (n = 3)');
});

test('claims in Chinese', async () => {
  const data = summarise(await loadRun(writeRun(sampleRun({ pipeline: `${EXPECT}report: { language: zh }\n` }))));
  expect(renderMarkdown(data)).toContain('## 断言\n\n3 条断言中有 1 条不成立。');
});
