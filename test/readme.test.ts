import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

describe('the README', () => {
  it('shows only YAML that is a committed pipeline', () => {
    const pipelines = readdirSync(new URL('pipelines/', root)).map((file) => read(`pipelines/${file}`).trim());
    const snippets = [...read('README.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml!.trim());
    expect(snippets.length).toBeGreaterThan(0);
    for (const snippet of snippets) expect(pipelines).toContain(snippet);
  });

  it('names only files that exist', () => {
    const files = [...read('README.md').matchAll(/`((?:docs|pipelines|schemas|test|bench|src)\/[\w./-]+)`/g)];
    for (const [, file] of files) expect(() => readdirSync(new URL(`${file}`, root)), file).not.toThrow(/ENOENT/);
  });
});
