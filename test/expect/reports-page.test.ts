import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseClaim } from '../../src/expect/parse-claim.js';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';

const blocks = [...readFileSync('docs/reports.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text!,
);

test('the report settings of docs/reports.md are valid', () => {
  const block = blocks.find((text) => text.startsWith('report:'))!;
  const { diagnostics } = readPipeline({ file: 'p.yaml', text: validPipeline({ x: block }) });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
});

test('the claims of docs/reports.md can be read', () => {
  const { expect: claims } = parse(blocks.find((text) => text.startsWith('expect:'))!) as { expect: readonly string[] };
  expect(claims).toHaveLength(4);
  for (const claim of claims) expect(parseClaim(claim).mistake).toBeNull();
});
