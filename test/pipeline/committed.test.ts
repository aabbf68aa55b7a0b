import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/pipeline/read-pipeline.js';
import { planPipeline } from '../../src/plan/create-plan.js';

const files = readdirSync('pipelines').filter((name) => /\.ya?ml$/.test(name));

describe.each(files)('pipelines/%s', (name) => {
  const text = readFileSync(`pipelines/${name}`, 'utf8');

  it('tells editors its schema in the first line', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schemas/pipeline.schema.json');
  });

  it('is valid and can be planned', () => {
    const { plan, diagnostics } = planPipeline(readPipeline({ file: name, text }));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(plan?.trials.length).toBeGreaterThan(0);
  });

  it('is named as its file', () => {
    expect(readPipeline({ file: name, text }).pipeline?.name).toBe(name.replace(/\.ya?ml$/, ''));
  });
});
