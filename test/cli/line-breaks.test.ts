import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as plan from '../../src/cli/commands/plan.js';
import { diagnosticsText } from '../../src/cli/error-text.js';
import { diagnosticsOf } from '../pipeline/frames.js';
import { validPipeline } from '../pipeline/valid-pipeline.js';
import { call } from './call.js';

const sweep = String.raw`sweep: { list: [{ name: base }, { name: "a | b\nc\r\nd\u2028e", set: { model.hidden: 8 } }] }`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweepline-line-breaks-'));
  writeFileSync(join(folder, 'p.yaml'), validPipeline({ sweep }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function planned(format: string): Promise<string> {
  const { stdout } = await call(plan, [join(folder, 'p.yaml'), '--format', format, '--runs', join(folder, 'runs')]);
  return stdout;
}

describe('a line break in the name of a variant', () => {
  it('breaks no table of a plan', async () => {
    expect(await planned('markdown')).toMatch(/\n\| 002-\S+ \| a \\\| b c d e \|/);
    const text = await planned('text');
    expect(text).toMatch(/\n\| 002-\S+ \| a \| b c d e \|/);
    expect(text.split('\n').filter((line) => line.startsWith('| 002-'))).toHaveLength(2);
  });

  it('breaks no hint that lists names', () => {
    const diagnostics = diagnosticsOf(validPipeline({ sweep, expect: 'expect: ["test.accuracy[arm=no] > 0.5"]' }));
    expect(diagnosticsText(diagnostics, { stream: {} })).toMatch(
      /\n {2}hint: The arms are `base`, `a \| b c d e`\.\n$/,
    );
  });
});
